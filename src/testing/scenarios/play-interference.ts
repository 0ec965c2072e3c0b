import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { Cluster } from "../cluster.ts";
import { inThread, type Report } from "../simulation.ts";
import { Interference } from "./interference.ts";

/** What is wrong with a cluster that has been left in peace for a while. */
async function findFaults(cluster: Cluster): Promise<string[]> {
  const faults = [...cluster.invariants.breaches];
  const { items } = await cluster.store.list(VirtualMachineKind);
  const known = new Map(items.map((vm) => [vm.metadata.uid ?? "", vm]));
  for (const host of cluster.hypervisor.hosts) {
    for (const { uid, observed } of host.domains) {
      const vm = known.get(uid);
      if (vm === undefined) faults.push(`domain ${observed.domainName} is nobody's`);
      else if (vm.status?.hostName !== host.name)
        faults.push(`${vm.metadata.name} has a domain on ${host.name}`);
    }
    for (const volume of cluster.volumesOn(host)) {
      if (!known.has(volume.slice(3, 39))) faults.push(`volume ${volume} is nobody's`);
    }
  }
  for (const vm of items) {
    const fault = await findFault(cluster, vm);
    if (fault !== undefined) faults.push(`${vm.metadata.name} (${vm.spec.runStrategy}): ${fault}`);
  }
  return faults;
}

async function findFault(cluster: Cluster, { metadata, spec, status }: VirtualMachine) {
  if (metadata.deletionTimestamp !== undefined) return "is still being deleted";
  const domain = status?.hostName === undefined ? undefined : await findDomain(cluster, metadata.name);
  const word = status?.printableStatus;
  // Who is neither to be started nor to be stopped may stay paused.
  if (word === "Paused" && spec.runStrategy === "Manual" && domain?.observed.state === "paused")
    return undefined;
  if ((word === "Running") !== (domain?.active ?? false))
    return `says ${word}, but is ${domain?.observed.state}`;
  const asked = status?.runOverride?.action;
  const shouldRun = asked === "Start" || (spec.runStrategy === "Always" && asked !== "Stop");
  if (shouldRun && word !== "Running") return `should run, is ${word}`;
  const mayRun = asked !== "Stop" && (spec.runStrategy !== "Halted" || asked === "Start");
  if (!mayRun && word !== "Stopped") return `should be stopped, is ${word}`;
  if (domain?.active && spec.runStrategy !== "Manual" && domain.observed.definition?.cpus !== spec.cpus) {
    return `has ${domain.observed.definition?.cpus} CPUs defined, should have ${spec.cpus}`;
  }
  return undefined;
}

async function findDomain(cluster: Cluster, name: string) {
  try {
    return await cluster.domain(name);
  } catch {
    return undefined;
  }
}

async function play(seed: number): Promise<{ faults: string[]; diary: readonly string[] }> {
  await using cluster = await Cluster.start({ seed, hosts: [{ name: "h1" }, { name: "h2" }] });
  const chaos = new Interference(cluster, seed);
  const steps = 10 + chaos.below(30);
  for (let step = 0; step < steps; step++) await chaos.step();
  chaos.heal();
  await cluster.settle(900_000);
  const faults = await findFaults(cluster);
  const { writes, mutations } = cluster;
  await cluster.settle(120_000);
  if (cluster.writes !== writes) faults.push(`${cluster.writes - writes} writes while idle`);
  if (cluster.mutations !== mutations) faults.push(`${cluster.mutations - mutations} mutations while idle`);
  return { faults, diary: chaos.diary };
}

await inThread(async (seed): Promise<Report> => {
  const { faults, diary } = await play(Number(seed));
  return { faults: faults.map((fault) => `OSTLER_SEED=${seed}: ${fault}; after ${diary.join(", ")}`) };
});
