import t from "tap";
import type { ObservedDomain } from "../../drivers/driver.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { clusterId, domain, machine } from "../../testing/machine-fixture.ts";
import { machineStore } from "../../testing/machine-store.ts";
import { uidOf } from "../virtual-machine/desired.ts";
import { newerMarks } from "./newer-marks.ts";

/** What is found of a domain of this epoch, where the store knows the machine like this. */
async function found(epoch: number, status: VirtualMachineStatus, heard: VirtualMachineStatus = status) {
  const { vm, store } = await machineStore(machine({}, status));
  const seen: ObservedDomain = {
    ...domain(machine({}, { placementEpoch: epoch })),
    uid: uidOf(vm),
    mark: { clusterId, namespace: "default", name: "web", uid: uidOf(vm), epoch },
  };
  const session = { domains: new Map([[seen.uid, seen]]) };
  return newerMarks(session, { store, clusterId, machineOf: () => ({ ...vm, status: heard }) });
}

t.test("a domain of a later placement than the store knows is found", async (t) => {
  t.same(await found(3, { placementEpoch: 2 }), [{ machine: "default/web", epoch: 3, knownEpoch: 2 }]);
  t.same(await found(1, {}), [{ machine: "default/web", epoch: 1, knownEpoch: 0 }]);
});

t.test("one of the placement that is written down, or of an earlier one, is not", async (t) => {
  t.same(await found(2, { placementEpoch: 2 }), []);
  t.same(await found(1, { placementEpoch: 2 }), []);
});

t.test("what was heard of a machine and is out of date proves nothing", async (t) => {
  t.same(await found(3, { placementEpoch: 3 }, { placementEpoch: 2 }), []);
});
