import t from "tap";
import { formatTime } from "../../runtime/clock.ts";
import type { AttachedVolume } from "../../schema/virtual-machine.ts";
import { start } from "../../testing/machine-fixture.ts";
import { GiB, holderOn, record } from "../../testing/volume-plan-fixture.ts";
import { markOf } from "./desired.ts";
import { noteAsked, noteVolumesSeen, recordVolumeUse } from "./volume-memory.ts";
import { deviceOf } from "./volumes.ts";

const device = deviceOf(record);
const used = { record, device, capacityBytes: GiB };
const at = (seconds: number) => formatTime(start + seconds * 1000);
const list = (...attachedVolumes: AttachedVolume[]) => ({ attachedVolumes });
const nothing = { live: new Map(), defined: [], unwanted: [], now: start };
const live = new Map([[device.volume, device]]);

t.test("before it is used a volume is written down, and again while it was not seen for long", async (t) => {
  const first = recordVolumeUse({}, [used], start);
  t.same(first, list({ ...record, requestedAt: at(0) }));
  t.equal(recordVolumeUse(first, [used], start + 29_000), first);
  t.same(recordVolumeUse(first, [used], start + 31_000), list({ ...record, requestedAt: at(31) }));
  const seen = list({ ...record, attached: true });
  t.equal(recordVolumeUse(seen, [used], start), seen);
  t.equal(recordVolumeUse(seen, [], start), seen);
});

t.test("what is in the process is attached", async (t) => {
  const asked = list({ ...record, requestedAt: at(0) });
  t.same(noteVolumesSeen(asked, { ...nothing, live }), list({ ...record, attached: true }));
  const seen = list({ ...record, attached: true });
  t.equal(noteVolumesSeen(seen, { ...nothing, live }), seen);
  t.same(noteVolumesSeen(seen, { ...nothing, defined: [device] }), list(record), "the process has ended");
});

t.test("what is nowhere is off the list, unless it may still come", async (t) => {
  t.same(noteVolumesSeen(list(record), nothing), {});
  const asked = list({ ...record, requestedAt: at(0) });
  t.equal(noteVolumesSeen(asked, { ...nothing, now: start + 89_000 }), asked);
  t.same(noteVolumesSeen(asked, { ...nothing, now: start + 90_000 }), {});
  const back = noteVolumesSeen(asked, { ...nothing, now: start - 3_600_000 });
  t.same(
    back,
    list({ ...record, requestedAt: at(-3_600) }),
    "for as long as ever when the clock was set back",
  );
});

t.test("how often a guest was asked is remembered until the volume is wanted again", async (t) => {
  const action = {
    type: "DetachVolume",
    mark: markOf(holderOn("h1"), "c"),
    volume: device,
    because: "",
  } as const;
  const before = list({ ...record, attached: true });
  const once = noteAsked(before, { done: [action] }, start);
  t.same(once, list({ ...record, attached: true, detachRequestedAt: at(0), detachRequests: 1 }));
  const failed = { action, error: new Error("no answer") };
  const twice = noteAsked(once, { done: [], failed }, start + 5_000);
  t.match(twice, list({ ...record, detachRequestedAt: at(5), detachRequests: 2 }));
  t.same(noteVolumesSeen(twice, { ...nothing, live }), before);
  const unwanted = twice.attachedVolumes ?? [];
  t.equal(noteVolumesSeen(twice, { ...nothing, live, unwanted }), twice);
  t.equal(noteAsked(before, { done: [] }, start), before);
});
