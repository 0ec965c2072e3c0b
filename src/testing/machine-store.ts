import { admit } from "../schema/admission.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { openMemoryLog } from "../store/memory-log.ts";
import { ResourceStore } from "../store/resource-store.ts";
import { ManualClock } from "./manual-clock.ts";
import { SeededRandom } from "./seeded-random.ts";

/** A store in memory that holds one machine, with the status that is given but a uid of its own. */
export async function machineStore(machine: VirtualMachine) {
  const clock = new ManualClock();
  const log = openMemoryLog(clock);
  const store = await ResourceStore.open({ log, clock, random: new SeededRandom(1), admit });
  const { status = {}, ...manifest } = machine;
  const created = await store.create(VirtualMachineKind, manifest);
  const vm = await store.updateStatus(VirtualMachineKind, { ...created, status });
  const { namespace, name } = vm.metadata;
  const read = async (): Promise<VirtualMachine> => {
    const found = await store.get(VirtualMachineKind, { namespace, name });
    if (found === undefined) throw new Error(`machine ${name} is gone`);
    return found;
  };
  return { store, clock, vm, read, writes: () => log.revision() };
}
