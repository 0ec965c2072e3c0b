import t from "tap";
import type { VolumeMove } from "../../schema/volume.ts";
import {
  away,
  claim,
  deleted,
  empty,
  file,
  GiB,
  holderOn,
  known,
  moving,
  on,
  record,
  removed,
  room,
  volume,
  volumePlanInput,
} from "../../testing/volume-plan-fixture.ts";
import { noteSeen, planVolume, rememberStep } from "./plan.ts";
import type { Place, VolumePlanInput } from "./plan-input.ts";

const attachedTo = claim;
const move = (phase: VolumeMove["phase"]): VolumeMove => moving("h1", "h2", phase);
const at = (hostName: string, hostUuid = `uuid-${hostName}`) => ({ hostName, hostUuid });
const waiting = { holder: holderOn("h2") };
const cleaned = on("h2", { attachedTo, move: move("Cleaning") });
/** Another machine than before answers under the name, and has a volume of the name. */
const renamed = (hostName: string, hostUuid: string): readonly [string, Place] => {
  const volumes = new Map([[file, { name: file, capacityBytes: GiB }]]);
  return [hostName, { type: "known", hostUuid, volumes }];
};
const without = (hostName: string, hostUuid: string): readonly [string, Place] => {
  return [hostName, { type: "known", hostUuid, volumes: new Map() }];
};
const copying = on("h1", { attachedTo, move: move("Copying") });

const plans: readonly [string, VolumePlanInput, unknown][] = [
  [
    "a new volume gets a host before it is made there",
    volumePlanInput(volume(), [empty("h1")]),
    { type: "record", status: { hostName: "h1", hostUuid: "uuid-h1", volume: file } },
  ],
  [
    "a new volume goes where its machine is",
    volumePlanInput(volume({ attachedTo }), [empty("h1"), empty("h2")], waiting),
    { type: "record", status: { hostName: "h2" } },
  ],
  [
    "without room it waits",
    volumePlanInput(volume(), [empty("h1")], { hosts: [room("h1", 1)] }),
    { type: "rest", blockedBy: { reason: "Unschedulable" } },
  ],
  [
    "it is made where it was written down",
    volumePlanInput(volume({ hostName: "h1", volume: file }), [empty("h1")]),
    {
      type: "act",
      action: { type: "EnsureVolume", at: at("h1"), spec: { volume: file, capacityBytes: GiB } },
    },
  ],
  [
    "where its host has another name by now, it is there under that one",
    volumePlanInput(volume(on("h1")), [removed("h1"), renamed("rack", "uuid-h1")], { renamedTo: "rack" }),
    { type: "record", status: { hostName: "rack", hostUuid: "uuid-h1" } },
  ],
  [
    "a machine of that UUID without the data is not where it is",
    volumePlanInput(volume(on("h1")), [removed("h1"), without("rack", "uuid-h1")], { renamedTo: "rack" }),
    { type: "rest", blockedBy: { reason: "HostUnreachable" } },
  ],
  [
    "made, it rests",
    volumePlanInput(volume(on("h1")), [known("h1")]),
    { type: "rest", blockedBy: undefined },
  ],
  [
    "who claims what is lost is told so in the same write",
    volumePlanInput(volume(on("h1")), [empty("h1")], { wanting: [holderOn("h1")] }),
    { type: "record", status: { attachedTo: claim }, blockedBy: { reason: "VolumeLost" } },
  ],
  [
    "who claims what is there is told nothing else",
    volumePlanInput(volume(on("h1")), [known("h1")], { wanting: [holderOn("h1")] }),
    { type: "record", status: { attachedTo: claim }, blockedBy: undefined },
  ],
  [
    "while its host is away nothing is concluded",
    volumePlanInput(volume(on("h1")), [away("h1")]),
    { type: "rest", blockedBy: { reason: "HostUnreachable" } },
  ],
  [
    "what was there and is gone is not made anew",
    volumePlanInput(volume(on("h1")), [empty("h1")]),
    { type: "rest", blockedBy: { reason: "VolumeLost" } },
  ],
  [
    "another machine under its host's name says nothing about it",
    volumePlanInput(volume(on("h1", { hostUuid: "uuid-old" })), [empty("h1")]),
    { type: "rest", blockedBy: { reason: "HostUnreachable" } },
  ],
  [
    "too small, it is grown",
    volumePlanInput(volume(on("h1"), {}, { size: "2Gi" }), [known("h1")]),
    { type: "act", action: { type: "EnsureVolume", spec: { capacityBytes: 2 * GiB } } },
  ],
  [
    "what a machine has is the machine's to grow",
    volumePlanInput(volume(on("h1", { attachedTo }), {}, { size: "2Gi" }), [known("h1")], {
      holder: holderOn("h1", { attachedVolumes: [record] }),
    }),
    { type: "rest", blockedBy: undefined },
  ],
  [
    "its machine is on another host: it moves there",
    volumePlanInput(volume(on("h1", { attachedTo })), [known("h1"), empty("h2")], waiting),
    { type: "beginMove", target: at("h2"), status: { hostName: "h1", move: move("Copying") } },
  ],
  [
    "a machine that has it where it is, or may have, is left in peace",
    volumePlanInput(volume(on("h1", { attachedTo })), [known("h1"), empty("h2")], {
      holder: holderOn("h2", { attachedVolumes: [record] }),
    }),
    { type: "rest", blockedBy: undefined },
  ],
  [
    "two Hosts that are one machine are no way to move",
    volumePlanInput(
      volume(on("h1", { attachedTo })),
      [known("h1"), ["h2", { type: "known", hostUuid: "uuid-h1", volumes: new Map() }]],
      waiting,
    ),
    { type: "rest", blockedBy: { reason: "Conflict" } },
  ],
  [
    "a move waits for room",
    volumePlanInput(volume(on("h1", { attachedTo })), [known("h1"), empty("h2")], {
      ...waiting,
      hosts: [room("h2", 1)],
    }),
    { type: "rest", blockedBy: { reason: "Unschedulable" } },
  ],
  [
    "a move that is written down is carried out",
    volumePlanInput(volume(copying), [known("h1"), empty("h2")], waiting),
    { type: "act", action: { type: "CopyVolume", source: at("h1"), target: at("h2"), volume: file } },
  ],
  [
    "a move waits for both hosts",
    volumePlanInput(volume(copying), [known("h1"), away("h2")], waiting),
    { type: "rest", blockedBy: { reason: "HostUnreachable" } },
  ],
  [
    "a move for a machine that has meanwhile taken it is called off",
    volumePlanInput(volume(copying), [known("h1"), empty("h2")], {
      holder: holderOn("h1", { attachedVolumes: [record] }),
    }),
    { type: "record", status: { move: move("Cancelling"), hostName: "h1" } },
  ],
  [
    "a move that was called off leaves nothing on the target",
    volumePlanInput(volume(on("h1", { move: move("Cancelling") })), [known("h1"), known("h2")]),
    { type: "act", action: { type: "DeleteVolume", at: at("h2") } },
  ],
  [
    "a move that is done leaves nothing on the source",
    volumePlanInput(
      volume(on("h2", { attachedTo, move: move("Cleaning") })),
      [known("h1"), known("h2")],
      waiting,
    ),
    { type: "act", action: { type: "DeleteVolume", at: at("h1") } },
  ],
  [
    "an old copy on a host that is away does not keep anybody from the data",
    volumePlanInput(
      volume(on("h2", { attachedTo, move: move("Cleaning") })),
      [away("h1"), known("h2")],
      waiting,
    ),
    { type: "rest", blockedBy: undefined },
  ],
  [
    "an old copy on a host that was removed is not waited for",
    volumePlanInput(volume(cleaned), [removed("h1"), known("h2")], waiting),
    { type: "record", status: { hostName: "h2", move: undefined } },
  ],
  [
    "it is removed where the host answers under another name",
    volumePlanInput(volume(cleaned), [removed("h1"), renamed("h3", "uuid-h1"), known("h2")], waiting),
    { type: "act", action: { type: "DeleteVolume", at: at("h3", "uuid-h1") } },
  ],
  [
    "a move that was called off does not wait for a target that was removed",
    volumePlanInput(volume(on("h1", { move: move("Cancelling") })), [known("h1"), removed("h2")]),
    { type: "record", status: { hostName: "h1", move: undefined } },
  ],
  [
    "nor does one that is deleted",
    volumePlanInput(volume(on("h1", { move: move("Cancelling") }), deleted), [known("h1"), removed("h2")]),
    { type: "record", status: { hostName: "h1", move: undefined } },
  ],
  [
    "data on a host that was removed is not given up",
    volumePlanInput(volume(on("h1"), deleted), [removed("h1")]),
    { type: "rest", blockedBy: { reason: "HostUnreachable" } },
  ],
  [
    "deleted while a machine has it, it waits",
    volumePlanInput(volume(on("h1", { attachedTo }), deleted), [known("h1")], { holder: holderOn("h1") }),
    { type: "rest", blockedBy: { reason: "InUse", message: /machine "web" has it as disk "data"/ } },
  ],
  [
    "deleted, its data goes first",
    volumePlanInput(volume(on("h1"), deleted), [known("h1")]),
    { type: "act", action: { type: "DeleteVolume", at: at("h1"), volume: file } },
  ],
  [
    "deleted before it was seen, it is deleted on its host all the same",
    volumePlanInput(volume({ hostName: "h1", volume: file }, deleted), [empty("h1")]),
    { type: "act", action: { type: "DeleteVolume", at: at("h1"), volume: file } },
  ],
  [
    "deleted while its host is away, it waits",
    volumePlanInput(volume(on("h1"), deleted), [away("h1")]),
    { type: "rest", blockedBy: { reason: "HostUnreachable" } },
  ],
  [
    "deleted in a move, the unfinished copy goes before the data",
    volumePlanInput(volume(on("h1", { move: move("Cancelling") }), deleted), [known("h1"), known("h2")]),
    { type: "act", action: { type: "DeleteVolume", at: at("h2") } },
  ],
  [
    "gone from its host while it was to be carried away, it is lost, not copied for ever",
    volumePlanInput(volume(copying), [empty("h1"), empty("h2")], { holder: holderOn("h2") }),
    { type: "rest", blockedBy: { reason: "VolumeLost", message: /was on host "h1" and is gone/ } },
  ],
  [
    "hosts that change names do not make the data the old copy",
    volumePlanInput(volume(cleaned), [renamed("h1", "uuid-h2"), renamed("h2", "uuid-h1")], waiting),
    { type: "act", action: { type: "DeleteVolume", at: at("h2", "uuid-h1") } },
  ],
  [
    "what answers under the name of the old copy's host, and is not it, is left alone",
    volumePlanInput(volume(cleaned), [renamed("h1", "uuid-h2"), empty("h2")], waiting),
    { type: "rest", blockedBy: { reason: "VolumeLost" } },
  ],
  [
    "an old copy under the name of the data's host is not the data",
    volumePlanInput(volume(cleaned), [away("h1"), renamed("h2", "uuid-h1")], waiting),
    { type: "act", action: { type: "DeleteVolume", at: at("h2", "uuid-h1") } },
  ],
  [
    "the old copy's host has a new UUID, and the data is seen elsewhere: it goes",
    volumePlanInput(volume(cleaned), [renamed("h1", "uuid-new"), known("h2")], waiting),
    { type: "act", action: { type: "DeleteVolume", at: at("h1", "uuid-new") } },
  ],
  [
    "the old copy's host has a new UUID, and the data is out of sight: it stays",
    volumePlanInput(volume(cleaned), [renamed("h1", "uuid-new"), away("h2")], waiting),
    { type: "rest", blockedBy: { reason: "HostUnreachable" } },
  ],
  [
    "nothing is copied from a host that is not the one where the data is",
    volumePlanInput(volume(copying), [renamed("h1", "uuid-new"), empty("h2")], waiting),
    { type: "rest", blockedBy: { reason: "HostUnreachable", message: /UUID uuid-new, not uuid-h1/ } },
  ],
  [
    "a move to a host that is another machine now is called off, and begun anew when its copy is gone",
    volumePlanInput(volume(copying), [known("h1"), renamed("h2", "uuid-new")], waiting),
    { type: "record", status: { move: move("Cancelling"), hostName: "h1" } },
  ],
  ["deleted and nowhere, it may go", volumePlanInput(volume({}, deleted), []), { type: "letGo" }],
];

for (const [title, input, plan] of plans) {
  t.test(title, async (t) => {
    t.match({ blockedBy: undefined, ...planVolume(input) }, plan);
  });
}

t.test("a name that was tampered with is not what is deleted", async (t) => {
  const evil = on("h1", { volume: "vm-of-somebody-else.qcow2" });
  t.match(planVolume(volumePlanInput(volume(evil, deleted), [known("h1")])), { action: { volume: file } });
});

t.test("what was seen on its host is remembered", async (t) => {
  const unseen = volume({ hostName: "h1", volume: file });
  t.same(noteSeen(unseen, new Map([known("h1")])), on("h1"));
  t.equal(noteSeen(unseen, new Map([empty("h1")])), unseen.status);
  t.equal(noteSeen(unseen, new Map([away("h1")])), unseen.status);
});

t.test("after a copy the truth is on the target, after a removal nowhere", async (t) => {
  const ends = { source: at("h1"), target: at("h2") };
  const copy = { type: "CopyVolume", ...ends, volume: file, format: "qcow2" } as const;
  const moved = rememberStep(volume(copying), { ...copy, because: "" });
  t.same(moved, on("h2", { attachedTo, move: move("Cleaning") }));
  const removal = { type: "DeleteVolume", volume: file, because: "" } as const;
  t.same(rememberStep(volume(moved), { ...removal, at: at("h1") }), on("h2", { attachedTo }));
  t.same(rememberStep(volume(on("h1"), deleted), { ...removal, at: at("h1") }), {});
});
