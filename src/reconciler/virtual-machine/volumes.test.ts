import t from "tap";
import type { VolumeStatus } from "../../schema/volume.ts";
import { lookups, machine } from "../../testing/machine-fixture.ts";
import {
  claim,
  deleted,
  file,
  GiB,
  holderOn,
  moving,
  on,
  record,
  volume,
} from "../../testing/volume-plan-fixture.ts";
import { deviceOf, grantedVolumes, refuseVolume, resolveVolumes, waitingVolume } from "./volumes.ts";

const ready = {
  type: "Ready",
  status: "True" as const,
  reason: "Available",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};
const usable = on("h1", { attachedTo: claim, conditions: [ready] });

function refusalOf(status: VolumeStatus, metadata = {}) {
  return refuseVolume(holderOn("h1", { hostUuid: "uuid-h1" }), volume(status, metadata), "data");
}

t.test("a volume that is made, here and reserved for the machine may be taken", async (t) => {
  t.equal(refusalOf(usable), undefined);
  t.equal(refuseVolume(holderOn(), volume(usable), "data"), undefined, "or before it is placed");
});

const refusals: readonly [string, VolumeStatus, string, object?][] = [
  ["another machine has it", { ...usable, attachedTo: { ...claim, uid: "x", name: "db" } }, "VolumeInUse"],
  ["nobody has the claim yet", on("h1", { conditions: [ready] }), "VolumeNotReady"],
  ["the claim is going", { ...usable, attachedTo: { ...claim, releasing: true } }, "VolumeNotReady"],
  ["it is not made yet", { attachedTo: claim }, "VolumeNotReady"],
  ["it is lost", { ...usable, conditions: [{ ...ready, status: "False" }] }, "VolumeNotReady"],
  ["it is elsewhere", { ...usable, hostName: "h2" }, "VolumeNotReady"],
  ["another machine answers as its host", { ...usable, hostUuid: "uuid-old" }, "VolumeNotReady"],
  ["it is being copied", { ...usable, move: moving("h1", "h2", "Copying") }, "VolumeNotReady"],
  ["it is being deleted", usable, "VolumeNotReady", deleted],
];

for (const [title, status, reason, metadata] of refusals) {
  t.test(`a volume is not taken while ${title}`, async (t) => {
    t.match(refusalOf(status, metadata), { reason, message: /^volume "data" is / });
  });
}

t.test("a volume that does not exist is asked for", async (t) => {
  t.match(waitingVolume(resolveVolumes(holderOn("h1"), lookups())), { reason: "VolumeNotFound" });
});

t.test("a volume gets the first free place, and keeps the one that it has", async (t) => {
  const disks = ["more", "data"].map((name) => ({ name, volume: name }));
  const other = volume(usable, { name: "more", uid: "uid-more" }, { size: "2Gi" });
  const vm = machine({ disks }, { hostName: "h1", attachedVolumes: [record] }, { namespace: "default" });
  const granted = grantedVolumes(resolveVolumes(vm, lookups(volume(usable), other)));
  t.match(granted, [
    { device: { name: "data", volume: file, target: "vdaa" }, capacityBytes: GiB },
    { device: { name: "more", volume: "volume-uid-more.qcow2", target: "vdab" }, capacityBytes: 2 * GiB },
  ]);
});

t.test("what the machine has by its own record it keeps, though the object be gone", async (t) => {
  const vm = holderOn("h1", { attachedVolumes: [record] });
  t.match(grantedVolumes(resolveVolumes(vm, lookups())), [{ record, capacityBytes: 0 }]);
});

t.test("a volume of the same name that is another one waits until the former is released", async (t) => {
  const vm = holderOn("h1", { attachedVolumes: [record] });
  const anew = volume({ ...usable, volume: "volume-new.qcow2" }, { uid: "new" });
  const resolved = resolveVolumes(vm, lookups(anew));
  t.same(grantedVolumes(resolved), []);
  t.match(waitingVolume(resolved), { reason: "VolumeNotReady", message: /not released yet/ });
});

t.test("the format is part of the name", async (t) => {
  t.equal(deviceOf(record).format, "qcow2");
  t.equal(deviceOf({ ...record, volume: "volume-1.raw" }).format, "raw");
});
