import t from "tap";
import { admit } from "../schema/admission.ts";
import { HostKind } from "../schema/host.ts";
import { machinesPath, smallMachine } from "../testing/api-fixture.ts";
import { type CliFixture, startCli } from "../testing/cli-fixture.ts";

const hostYaml =
  "apiVersion: ostler.dev/v1\nkind: Host\nmetadata: {name: h1}\nspec: {uri: 'test:///default'}\n";

/** Lets the machine go once somebody watches it. */
async function release(cli: CliFixture) {
  await cli.watched();
  return cli.api.call("PATCH", `${machinesPath}/web`, {
    body: { metadata: { finalizers: null } },
    headers: { "content-type": "application/merge-patch+json" },
  });
}

t.test("delete waits until the object is gone, unless told not to", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  t.match(await cli.run(["delete", "vm/web", "--no-wait"]), { code: 0, stdout: "deletion requested" });
  const deleting = cli.run(["delete", "vm/web", "--timeout", "20s"]);
  await release(cli);
  t.match(await deleting, { code: 0, stdout: "virtualmachine/web deleted\n" });
  t.match(await cli.run(["delete", "vm/web"]), { code: 3 });
});

t.test("delete does not wait for ever", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  t.match(await cli.run(["delete", "vm", "web", "--timeout", "50ms"]), { code: 4, stderr: "within 0.05 s" });
});

t.test("one that is not there keeps no other from being deleted", async (t) => {
  await using cli = await startCli();
  const host = (name: string) =>
    admit(HostKind, {
      apiVersion: "ostler.dev/v1",
      kind: "Host",
      metadata: { name },
      spec: { uri: `test:///${name}` },
    });
  await cli.api.store.create(HostKind, host("h2"));
  const result = await cli.run(["delete", "host", "h1", "h2"]);
  t.match(result, { code: 3, stdout: "host/h2 deleted\n", stderr: "host/h1" });
});

t.test("objects of several kinds are deleted in the order in which the kinds come", async (t) => {
  await using cli = await startCli();
  await cli.run(["apply", "-f", "-"], { stdin: hostYaml });
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  const deleted = await cli.run(["delete", "vm/web", "host/h1", "--no-wait"]);
  const lines = ["virtualmachine/web deletion requested", "host/h1 deletion requested"];
  t.match(deleted, { code: 0, stdout: `${lines.join("\n")}\n` });
});

t.test("what the server warns of is shown", async (t) => {
  await using cli = await startCli();
  await cli.run(["apply", "-f", "-"], { stdin: hostYaml });
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  await cli.api.call("PATCH", `${machinesPath}/web/status`, {
    body: { status: { hostName: "h1" } },
    headers: { "content-type": "application/merge-patch+json" },
  });
  t.match(await cli.run(["delete", "host", "h1"]), {
    code: 0,
    stdout: "host/h1 deleted\n",
    stderr: 'Warning: what is on host "h1" stays there, and is Unknown until it is added again: 1 machine\n',
  });
});

t.test(
  "what files name is deleted; what is gone already is fine; with an error in them nothing is",
  async (t) => {
    await using cli = await startCli();
    await cli.run(["apply", "-f", "-"], { stdin: hostYaml });
    const broken = await cli.run(["delete", "-f", "-"], { stdin: `${hostYaml}---\nkind: Host\n` });
    t.match(broken, { code: 1, stdout: "", stderr: "nothing was deleted" });
    t.match(await cli.run(["delete", "-f", "-"], { stdin: hostYaml }), {
      code: 0,
      stdout: "host/h1 deleted\n",
    });
    t.match(await cli.run(["delete", "-f", "-"], { stdin: hostYaml }), { code: 0, stdout: "" });
    t.match(await cli.run(["delete", "host", "h1", "-f", "-"], { stdin: hostYaml }), { code: 2 });
    t.match(await cli.run(["delete", "host"]), { code: 2 });
  },
);

t.test("a grace period and what becomes of dependents are asked for as kubectl asks for them", async (t) => {
  await using cli = await startCli();
  const asked = async (...flags: string[]) => {
    const body = {
      ...smallMachine,
      metadata: { ...smallMachine.metadata, finalizers: ["example.org/hold"] },
    };
    await cli.api.call("POST", machinesPath, { body });
    t.match(await cli.run(["delete", "vm/web", "--no-wait", ...flags]), { code: 0 }, flags.join(" "));
    const { json } = await cli.api.call("GET", `${machinesPath}/web`);
    await cli.api.call("PATCH", `${machinesPath}/web`, {
      body: { metadata: { finalizers: null } },
      headers: { "content-type": "application/merge-patch+json" },
    });
    return json;
  };
  const withGrace = (seconds: number) => ({ metadata: { deletionGracePeriodSeconds: seconds } });
  t.match(await asked("--grace-period", "7"), withGrace(7));
  t.match(await asked("--grace-period=0"), withGrace(0));
  t.match(await asked(), withGrace(30), "as its spec says");
  t.match(await asked("--grace-period=-1"), withGrace(30), "what is negative says nothing");
  const cascade = (how: string) => asked("--cascade", how);
  t.match(await cascade("foreground"), { metadata: { finalizers: /foregroundDeletion/ } });
  t.match(await cascade("orphan"), { metadata: { finalizers: /orphan/ } });
  t.notMatch(await cascade("background"), { metadata: { finalizers: /foregroundDeletion|orphan/ } });
});
