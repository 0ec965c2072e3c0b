import t from "tap";
import { admit } from "../schema/admission.ts";
import { HostKind } from "../schema/host.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { VirtualMachineKind, type VirtualMachineStatus } from "../schema/virtual-machine.ts";
import { startCli } from "../testing/cli-fixture.ts";

const confirm = ["host", "confirm-down", "h2"] as const;
const because = ["--reason", "it burnt down"] as const;

async function fixture() {
  const cli = await startCli();
  const { store } = cli.api;
  const namespace = await store.get(NamespaceKind, { name: "default" });
  if (namespace === undefined) {
    await store.create(NamespaceKind, { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
  }
  const head = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name: "h2" } };
  const host = await store.create(HostKind, admit(HostKind, { ...head, spec: { uri: "fake://h2" } }));
  const told = { type: "Unreachable", status: "True", reason: "Timeout", message: "no answer" } as const;
  const condition = { ...told, lastTransitionTime: "2026-01-01T00:00:00Z" };
  await store.updateStatus(HostKind, { ...host, status: { conditions: [condition] } });
  const add = async (name: string, spec: Record<string, unknown>, status: VirtualMachineStatus) => {
    const size = { cpus: 1, memory: "128Mi" };
    const manifest = { apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata: { name } };
    const vm = admit(VirtualMachineKind, { ...manifest, spec: { ...size, ...spec } });
    const created = await store.create(VirtualMachineKind, vm);
    await store.updateStatus(VirtualMachineKind, { ...created, status });
  };
  const fence = async () => (await store.get(HostKind, { name: "h2" }))?.status?.fence;
  return { cli, add, fence };
}

t.test("who confirms that a host is down is told what becomes of each of its machines", async (t) => {
  const { cli, add, fence } = await fixture();
  await using _cli = cli;
  const disks = [{ name: "root", size: "1Gi" }];
  const volumes = [{ disk: "root", volume: "vm-u-root.qcow2", made: true }];
  await add("web", { disks }, { hostName: "h2", volumes });
  await add("cache", {}, { hostName: "h2" });
  await add("db", { disks, failover: "None" }, { hostName: "h2", volumes });
  await add("files", { disks: [{ name: "data", volume: "pictures" }] }, { hostName: "h2" });
  await add("other", {}, { hostName: "h1" });
  const { code, stdout } = await cli.run([...confirm, ...because, "--expires", "10m"]);
  t.equal(code, 0);
  t.match(stdout, /^host\/h2 confirmed down by \S+ until 20/);
  t.match(stdout, "default/web starts elsewhere, if it is to run, with NEW disks root");
  t.match(stdout, "kept on the host: vm-u-root.qcow2");
  t.match(stdout, "default/cache starts elsewhere, if it is to run; it has no disks");
  t.match(stdout, "default/db waits for the host: its failover is None");
  t.match(stdout, "default/files waits for the host: volume pictures is there");
  t.notMatch(stdout, "default/other");
  const stated = await fence();
  t.match(stated, { reason: "it burnt down", machines: "All", evenInMassOutage: false });
  t.equal(Date.parse(stated?.expiresAt ?? "") - Date.parse(stated?.statedAt ?? ""), 600_000);
});

t.test("machines with disks can be left out, and a mass outage overruled", async (t) => {
  const { cli, add, fence } = await fixture();
  await using _cli = cli;
  await add("web", { disks: [{ name: "root", size: "1Gi" }] }, { hostName: "h2" });
  const flags = ["--only-without-disks", "--even-in-mass-outage"];
  const { stdout } = await cli.run([...confirm, ...because, ...flags]);
  t.match(stdout, "default/web waits for the host: it has disks there");
  t.match(await fence(), { machines: "WithoutDisks", evenInMassOutage: true });
});

t.test("it is taken back, and without a reason it is not said", async (t) => {
  const { cli, fence } = await fixture();
  await using _cli = cli;
  t.equal((await cli.run(confirm)).code, 2);
  t.equal(await fence(), undefined);
  t.match(await cli.run([...confirm, ...because]), { code: 0, stdout: /no machine is placed there/ });
  t.equal((await cli.run([...confirm, "--withdraw"])).code, 0);
  t.equal(await fence(), undefined);
  t.equal((await cli.run([...confirm, "--withdraw"])).code, 3);
});
