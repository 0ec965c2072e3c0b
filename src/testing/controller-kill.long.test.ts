import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../runtime/clock.ts";
import { hasReason } from "../runtime/errors.ts";
import { HostKind } from "../schema/host.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { type LibvirtHost, libvirtAvailable, startLibvirtHost } from "./libvirt-host.ts";
import { eventually, type ServerProcess, startServerProcess } from "./server-process.ts";

const kills = 20;
const machines = 100;
const { available, reason } = libvirtAvailable();

t.test(
  "a controller that is killed while it makes and removes machines leaves nothing behind and loses nothing",
  { skip: available ? false : reason, timeout: 300_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "ostler-kill-"));
    t.teardown(() => rm(directory, { recursive: true }));
    await mkdir(join(directory, "state"));
    await using host = await startLibvirtHost();
    const uri = `test+unix:///default?socket=${host.socketPath}`;
    // The test driver forgets everything when its last connection closes.
    const keeper = host.exec(
      ["sh", "-c", "while :; do echo version; sleep 0.5; done | virsh -c test+unix:///default"],
      {
        timeoutMs: 280_000,
      },
    );
    const acknowledged = new Set<string>();
    /** Removals that were answered, and those of which the answer may have been lost. */
    const [removed, doubtful] = [new Set<string>(), new Set<string>()];
    for (let round = 0; round < kills; round++) {
      await using server = await startServerProcess({ directory, args: ["--host", `test=${uri}`] });
      await roomy(server);
      const death = systemClock.sleep(150 + ((round * 7919) % 900)).then(() => server.end("SIGKILL"));
      await Promise.all([work(server, round, { acknowledged, removed, doubtful }), death]);
    }
    await using server = await startServerProcess({ directory, args: ["--host", `test=${uri}`] });
    const wanted = [...acknowledged].filter((name) => !removed.has(name) && !doubtful.has(name));
    const present = await eventually("every machine is Ready or gone", async () => {
      const { items } = await server.client.list(VirtualMachineKind);
      const restless = items.filter((vm) => !isSettled(vm));
      if (restless.length === 0) return items;
      const { metadata, status } = restless[0] ?? {};
      throw new Error(
        `${restless.length} of ${items.length} are not, such as ${metadata?.name}: ${JSON.stringify(status)}`,
      );
    });
    const names = new Set(present.map(({ metadata }) => metadata.name));
    t.same(
      wanted.filter((name) => !names.has(name)),
      [],
      "every acknowledged machine is there",
    );
    t.same(
      [...removed].filter((name) => names.has(name)),
      [],
      "no removed machine is there",
    );
    t.ok(acknowledged.size > machines, `${acknowledged.size} machines were made, ${removed.size} removed`);
    t.same(await domainsOf(host), present.map(domainNameOf).toSorted(), "the host has exactly their domains");
    t.same(await volumesOf(host), present.flatMap(volumeNames).toSorted(), "and exactly their volumes");
    t.equal(await server.end("SIGTERM"), 0);
    await host.stop();
    await keeper;
  },
);

interface Ledger {
  readonly acknowledged: Set<string>;
  readonly removed: Set<string>;
  readonly doubtful: Set<string>;
}

/** Makes machines and removes those of the rounds before, until the server dies. */
async function work(
  { client }: ServerProcess,
  round: number,
  { acknowledged, removed, doubtful }: Ledger,
): Promise<void> {
  const old = [...acknowledged].filter((name) => !removed.has(name));
  const make = async (index: number): Promise<void> => {
    const { metadata } = await client.create(VirtualMachineKind, machine(`vm-${round}-${index}`));
    acknowledged.add(metadata.name);
  };
  const remove = async (name: string): Promise<void> => {
    doubtful.add(name);
    try {
      await client.delete(VirtualMachineKind, { namespace: "default", name });
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
    }
    removed.add(name);
  };
  await Promise.allSettled([
    ...Array.from({ length: machines }, (_, index) => make(index)),
    ...old.slice(0, machines).map(remove),
  ]);
}

/** The test driver's host is small; overcommitted, it holds what is made. */
async function roomy({ client }: ServerProcess): Promise<void> {
  const host = await client.get(HostKind, { name: "test" });
  if (host.spec.overcommit.cpu === 64) return;
  await client.patch(HostKind, { name: "test" }, { spec: { overcommit: { cpu: 64, memory: 16 } } });
}

function machine(name: string): VirtualMachine {
  return {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace: "default" },
    spec: {
      runStrategy: "Always",
      cpus: 1,
      memory: "8Mi",
      disks: [{ name: "data", size: "1Mi", bus: "virtio" }],
      networks: [],
      terminationGracePeriodSeconds: 0,
    },
  };
}

function isSettled({ metadata, status }: VirtualMachine): boolean {
  return metadata.deletionTimestamp === undefined && status?.printableStatus === "Running";
}

function domainNameOf({ status }: VirtualMachine): string {
  return status?.domain?.name ?? "none";
}

function volumeNames({ status }: VirtualMachine): readonly string[] {
  return (status?.volumes ?? []).map(({ volume }) => volume);
}

async function domainsOf(host: LibvirtHost): Promise<readonly string[]> {
  const { stdout } = await host.exec(["virsh", "-c", "test+unix:///default", "list", "--all", "--name"]);
  return stdout
    .split("\n")
    .filter((name) => name !== "" && name !== "test")
    .toSorted();
}

async function volumesOf(host: LibvirtHost): Promise<readonly string[]> {
  const { stdout: pools } = await host.exec(["virsh", "-c", "test+unix:///default", "pool-list", "--name"]);
  const pool = pools
    .split("\n")
    .map((line) => line.trim())
    .find((name) => name.startsWith("ostler-"));
  const { stdout } = await host.exec(["virsh", "-c", "test+unix:///default", "vol-list", pool ?? "none"]);
  return stdout
    .split("\n")
    .slice(2)
    .map((line) => line.trim().split(/\s+/)[0] ?? "")
    .filter((name) => name !== "")
    .toSorted();
}
