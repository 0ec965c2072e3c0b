import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../runtime/clock.ts";
import { HostKind } from "../schema/host.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { blankMachine } from "./blank-machine.ts";
import { keepTestDriver } from "./keep-test-driver.ts";
import { type LibvirtHost, libvirtAvailable, startLibvirtHost } from "./libvirt-host.ts";
import { eventually, type ServerProcess, startServerProcess } from "./server-process.ts";

const each = 20;
const uri = "test+unix:///default";
const { available, reason } = libvirtAvailable();

t.test(
  "beside a controller that is stopped no second one starts; when it goes on nothing is done twice or lost",
  { skip: available ? false : reason, timeout: 400_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "ostler-paused-"));
    t.teardown(() => rm(directory, { recursive: true }));
    await mkdir(join(directory, "state"));
    await using host = await startLibvirtHost();
    await using _keeper = keepTestDriver([host]);
    const args = ["--host", `test=${uri}?socket=${host.socketPath}`];
    await using server = await startServerProcess({ directory, args });
    await server.client.patch(HostKind, { name: "test" }, { spec: { overcommit: { cpu: 64, memory: 16 } } });
    await Promise.all(names("early").map((name) => create(server, name)));
    await allRun(server, each);
    const before = await running(host);

    // In the middle of making more it stops, for longer than anything is waited for.
    const late = Promise.all(names("late").map((name) => create(server, name)));
    await systemClock.sleep(30);
    process.kill(server.pid, "SIGSTOP");
    const stoppedAt = systemClock.monotonic();
    await t.rejects(startServerProcess({ directory, args }), /another process has the store|in use|locked/i);
    await systemClock.sleep(Math.max(0, 45_000 - (systemClock.monotonic() - stoppedAt)));
    process.kill(server.pid, "SIGCONT");

    await late;
    const machines = await allRun(server, 2 * each);
    const after = await running(host);
    t.same(
      [...after.keys()].toSorted(),
      machines.map(({ status }) => status?.domain?.name).toSorted(),
      "each machine has its domain, and there is no other",
    );
    for (const [name, id] of before) t.equal(after.get(name), id, `${name} was not started again`);
    t.equal(await server.end("SIGTERM"), 0);
  },
);

function names(prefix: string): readonly string[] {
  return Array.from({ length: each }, (_, index) => `${prefix}-${index}`);
}

async function create({ client }: ServerProcess, name: string): Promise<void> {
  await client.create(VirtualMachineKind, blankMachine(name, { memory: "8Mi", disks: [] }));
}

function allRun({ client }: ServerProcess, count: number): Promise<readonly VirtualMachine[]> {
  return eventually(`${count} machines run`, async () => {
    const { items } = await client.list(VirtualMachineKind);
    const run = items.filter(({ status }) => status?.printableStatus === "Running");
    return run.length === count && items.length === count ? items : undefined;
  });
}

/** The domains that run, each with the number that libvirt gave this run of it. */
async function running(host: LibvirtHost): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await host.exec(["virsh", "-c", uri, "list"]);
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.flatMap(([id = "", name = ""]) =>
      /^\d+$/.test(id) && name !== "test" ? [[name, id] as const] : [],
    ),
  );
}
