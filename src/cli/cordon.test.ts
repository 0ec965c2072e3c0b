import t from "tap";
import { admit } from "../schema/admission.ts";
import { HostKind } from "../schema/host.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { machinesPath, smallMachine } from "../testing/api-fixture.ts";
import { startCli } from "../testing/cli-fixture.ts";

async function fixture() {
  const cli = await startCli();
  const { store } = cli.api;
  for (const name of ["h1", "h2"]) {
    const head = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name } };
    await store.create(HostKind, admit(HostKind, { ...head, spec: { uri: `fake://${name}` } }));
  }
  const isCordoned = async (name: string) => (await store.get(HostKind, { name }))?.spec.unschedulable;
  const revision = async (name: string) => (await store.get(HostKind, { name }))?.metadata.resourceVersion;
  return { cli, isCordoned, revision };
}

t.test("hosts are cordoned and uncordoned by name", async (t) => {
  const { cli, isCordoned } = await fixture();
  await using _cli = cli;
  t.match(await cli.run(["host", "cordon", "h1", "host/h2"]), {
    code: 0,
    stdout: "host/h1 cordoned\nhost/h2 cordoned\n",
  });
  t.equal(await isCordoned("h1"), true);
  t.equal(await isCordoned("h2"), true);
  t.match(await cli.run(["host", "uncordon", "h2"]), { code: 0, stdout: "host/h2 uncordoned\n" });
  t.equal(await isCordoned("h1"), true);
  t.equal(await isCordoned("h2"), false);
});

t.test("what is so already is not written again", async (t) => {
  const { cli, revision } = await fixture();
  await using _cli = cli;
  const before = await revision("h1");
  t.match(await cli.run(["host", "uncordon", "h1"]), { stdout: "host/h1 already uncordoned\n" });
  t.equal(await revision("h1"), before);
});

t.test("who cordons a host is told how many machines stay on it", async (t) => {
  const { cli } = await fixture();
  await using _cli = cli;
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  const machine = await cli.api.store.get(VirtualMachineKind, { namespace: "default", name: "web" });
  if (machine === undefined) throw new Error("the machine is not there");
  await cli.api.store.updateStatus(VirtualMachineKind, { ...machine, status: { hostName: "h1" } });
  const { stdout } = await cli.run(["host", "cordon", "h1"]);
  t.match(stdout, "1 machine stays there; where they could go: ostler plan --drain h1");
  t.match(await cli.run(["host", "cordon", "h2"]), { stdout: "host/h2 cordoned\n" });
});

t.test("what is no host is refused", async (t) => {
  const { cli } = await fixture();
  await using _cli = cli;
  t.match(await cli.run(["host", "cordon", "h9"]), { code: 3 });
  t.match(await cli.run(["host", "cordon", "vm/h1"]), { code: 2, stderr: /is no Host; give NAME or host/ });
  t.match(await cli.run(["host", "cordon"]), { code: 2 });
});
