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
  on,
  record,
  room,
  volume,
  volumePlanInput,
} from "../../testing/volume-plan-fixture.ts";
import { noteSeen, planVolume, rememberStep } from "./plan.ts";
import type { VolumePlanInput } from "./plan-input.ts";

const attachedTo = claim;
const move = (phase: VolumeMove["phase"]): VolumeMove => ({ source: "h1", target: "h2", phase });
const waiting = { holder: holderOn("h2") };
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
      action: { type: "EnsureVolume", hostName: "h1", spec: { volume: file, capacityBytes: GiB } },
    },
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
    { type: "beginMove", target: "h2", status: { hostName: "h1", move: move("Copying") } },
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
    { type: "act", action: { type: "CopyVolume", source: "h1", target: "h2", volume: file } },
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
    { type: "act", action: { type: "DeleteVolume", hostName: "h2" } },
  ],
  [
    "a move that is done leaves nothing on the source",
    volumePlanInput(
      volume(on("h2", { attachedTo, move: move("Cleaning") })),
      [known("h1"), known("h2")],
      waiting,
    ),
    { type: "act", action: { type: "DeleteVolume", hostName: "h1" } },
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
    "deleted while a machine has it, it waits",
    volumePlanInput(volume(on("h1", { attachedTo }), deleted), [known("h1")], { holder: holderOn("h1") }),
    { type: "rest", blockedBy: { reason: "InUse", message: /machine "web" has it as disk "data"/ } },
  ],
  [
    "deleted, its data goes first",
    volumePlanInput(volume(on("h1"), deleted), [known("h1")]),
    { type: "act", action: { type: "DeleteVolume", hostName: "h1", volume: file } },
  ],
  [
    "deleted before it was seen, it is deleted on its host all the same",
    volumePlanInput(volume({ hostName: "h1", volume: file }, deleted), [empty("h1")]),
    { type: "act", action: { type: "DeleteVolume", hostName: "h1", volume: file } },
  ],
  [
    "deleted while its host is away, it waits",
    volumePlanInput(volume(on("h1"), deleted), [away("h1")]),
    { type: "rest", blockedBy: { reason: "HostUnreachable" } },
  ],
  [
    "deleted in a move, the unfinished copy goes before the data",
    volumePlanInput(volume(on("h1", { move: move("Cancelling") }), deleted), [known("h1"), known("h2")]),
    { type: "act", action: { type: "DeleteVolume", hostName: "h2" } },
  ],
  [
    "gone from its host while it was to be carried away, it is lost, not copied for ever",
    volumePlanInput(volume(copying), [empty("h1"), empty("h2")], { holder: holderOn("h2") }),
    { type: "rest", blockedBy: { reason: "VolumeLost", message: /was on host "h1" and is gone/ } },
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
  const places = new Map([known("h1"), known("h2")]);
  const copy = { type: "CopyVolume", source: "h1", target: "h2", volume: file, format: "qcow2" } as const;
  const moved = rememberStep(volume(copying), { ...copy, because: "" }, places);
  t.same(moved, on("h2", { attachedTo, move: move("Cleaning") }));
  const removal = { type: "DeleteVolume", volume: file, because: "" } as const;
  t.same(rememberStep(volume(moved), { ...removal, hostName: "h1" }, places), on("h2", { attachedTo }));
  t.same(rememberStep(volume(on("h1"), deleted), { ...removal, hostName: "h1" }, places), {});
});
