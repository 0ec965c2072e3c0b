import t from "tap";
import { findCondition } from "../../schema/conditions.ts";
import type { VolumeStatus } from "../../schema/volume.ts";
import { machine, start } from "../../testing/machine-fixture.ts";
import {
  claim,
  deleted,
  file,
  holderOn,
  moving,
  on,
  record,
  volume,
} from "../../testing/volume-plan-fixture.ts";
import { volumeStatus } from "./status.ts";

type Given = Partial<Omit<Parameters<typeof volumeStatus>[0], "volume" | "now">>;

function statusOf(status: VolumeStatus, given: Given = {}, metadata = {}): VolumeStatus {
  return volumeStatus({ volume: volume(status, metadata), holder: undefined, now: start, ...given });
}

const held = on("h1", { attachedTo: claim });
const gone = { reason: "HostUnreachable", message: "no answer" } as const;
const lost = { reason: "VolumeLost", message: "gone" } as const;
const move = moving("h1", "h2", "Copying");
const has = (attached: boolean) => holderOn("h1", { attachedVolumes: [{ ...record, attached }] });
const released = machine({}, { attachedVolumes: [record] }, { namespace: "default" });

const cases: readonly [string, string, string, VolumeStatus][] = [
  ["Pending", "False", "", statusOf({})],
  ["Pending", "False", "no space", statusOf({ hostName: "h1", volume: file }, { failure: "no space" })],
  ["Available", "True", '1Gi on host "h1"', statusOf(on("h1"))],
  ["Available", "True", '1Gi on host "h1", but: no space', statusOf(on("h1"), { failure: "no space" })],
  [
    "Available",
    "True",
    '512Mi on host "h1", but: it is to grow to 1Gi',
    statusOf(on("h1", { capacityBytes: 2 ** 29 })),
  ],
  ["Unknown", "Unknown", "no answer", statusOf(on("h1"), { blockedBy: gone })],
  ["Lost", "False", "gone", statusOf(on("h1"), { blockedBy: lost })],
  ["Moving", "False", 'its data is being copied from host "h1" to host "h2"', statusOf({ ...held, move })],
  ["Deleting", "False", "no answer", statusOf(on("h1"), { blockedBy: gone }, deleted)],
  ["Attaching", "True", '1Gi on host "h1"', statusOf(held, { holder: holderOn("h1") })],
  ["Attaching", "True", '1Gi on host "h1"', statusOf(held, { holder: has(false) })],
  ["Attached", "True", '1Gi on host "h1"', statusOf(held, { holder: has(true) })],
  [
    "Attached",
    "True",
    '1Gi on host "h1"',
    statusOf(held, { holder: holderOn("h1", { printableStatus: "Stopped" }) }),
  ],
  ["Detaching", "True", '1Gi on host "h1"', statusOf(held, { holder: released })],
];

for (const [index, [phase, ready, message, status]] of cases.entries()) {
  t.test(`${index}: ${phase} with Ready ${ready}`, async (t) => {
    t.equal(status.phase, phase);
    t.match(findCondition(status.conditions, "Ready"), { status: ready, message });
  });
}

t.test("who has it is a condition of its own while somebody does", async (t) => {
  const attached = (status: VolumeStatus) => findCondition(status.conditions, "Attached");
  const first = statusOf(held, { holder: has(true) });
  t.match(attached(first), {
    status: "True",
    reason: "Attached",
    message: 'attached to machine "web" as disk "data"',
  });
  const off = { holder: holderOn("h1", { printableStatus: "Stopped" }) } as const;
  t.match(attached(statusOf(held, off)), { status: "True", reason: "AtNextStart" });
  t.match(attached(statusOf(held, { holder: holderOn("h1") })), { status: "False", reason: "Attaching" });
  t.match(attached(statusOf(held, { holder: released })), { status: "True", reason: "Detaching" });
  const { attachedTo: _gone, ...free } = first;
  t.equal(attached(statusOf(free)), undefined);
});

t.test("saying the same again changes nothing", async (t) => {
  const once = statusOf(held, { holder: has(true) });
  t.same(volumeStatus({ volume: volume(once), holder: has(true), now: start + 60_000 }), once);
});
