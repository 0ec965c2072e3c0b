import t from "tap";
import { machinesPath, smallMachine } from "../testing/api-fixture.ts";
import { type CliFixture, startCli } from "../testing/cli-fixture.ts";

const gone = 'there is no Host "h1": add it again to go on with what is on it';

/** What the machine's controller would say of it. */
async function say(cli: CliFixture, reason: string, observedGeneration: number): Promise<void> {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  const ready = {
    type: "Ready",
    status: "False",
    reason,
    message: `${gone}\u001b`,
    lastTransitionTime,
    observedGeneration,
  };
  const { code } = await cli.api.call("PATCH", `${machinesPath}/web/status`, {
    body: { status: { conditions: [ready] } },
    headers: { "content-type": "application/merge-patch+json" },
  });
  if (code !== 200) throw new Error(`the status was answered with ${code}`);
}

t.test("what is on a host that cannot be asked is given up", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  await say(cli, "HostUnreachable", 1);
  const deleting = cli.run(["delete", "vm/web", "--abandon", "--timeout", "20s"]);
  await cli.watched();
  t.match(
    await cli.api.call("GET", `${machinesPath}/web`),
    { code: 200 },
    "that was said before it was deleted",
  );
  await say(cli, "HostUnreachable", 2);
  t.match(await deleting, { code: 0, stdout: `virtualmachine/web abandoned: ${gone}?\n` });
  t.match(await cli.api.call("GET", `${machinesPath}/web`), { code: 404 });
});

t.test("of a host that answers nothing is given up", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  const deleting = cli.run(["delete", "vm/web", "--abandon", "--timeout", "300ms"]);
  await cli.watched();
  await say(cli, "Deleting", 2);
  t.match(await deleting, { code: 4, stderr: "within 0.3 s; Deleting: there is no Host" });
  t.match(await cli.api.call("GET", `${machinesPath}/web`), { json: { metadata: { finalizers: [/./] } } });
});

t.test("what others hold it by is left to them", async (t) => {
  await using cli = await startCli();
  const metadata = { ...smallMachine.metadata, finalizers: ["example.org/hold"] };
  await cli.api.call("POST", machinesPath, { body: { ...smallMachine, metadata } });
  const deleting = cli.run(["delete", "vm/web", "--abandon", "--timeout", "1s"]);
  await cli.watched();
  await say(cli, "HostUnreachable", 2);
  t.match(await deleting, { code: 4 });
  const answer = await cli.api.call("GET", `${machinesPath}/web`);
  t.match(answer.json, { metadata: { finalizers: ["example.org/hold"] } });
  t.notMatch(answer.text, /"finalizers":\[[^\]]*ostler.dev/);
});
