import t from "tap";
import { silentLogger } from "../../runtime/logger.ts";
import type { Fence } from "../../schema/fence.ts";
import { hostObject } from "../../testing/session-fixture.ts";
import { FenceWatch } from "./fence-watch.ts";

const fence: Fence = {
  proof: "HumanStatement",
  statedBy: "admin",
  statedAt: "2026-01-01T00:00:00Z",
  expiresAt: "2026-01-01T01:00:00Z",
  reason: "it burnt",
  machines: "All",
  evenInMassOutage: false,
};

const later = Date.parse("2026-01-01T02:00:00Z");

function fixture() {
  const events: string[] = [];
  const watch = new FenceWatch((_, _type, reason, message) => events.push(`${reason}: ${message}`));
  const host = (before?: Fence) => ({
    ...hostObject("h1"),
    status: before === undefined ? {} : { fence: before },
  });
  const note = (before: Fence | undefined, after: Fence | undefined, isConnected = false, now = later) =>
    watch.note(host(before), after, { isConnected, now }, silentLogger);
  return { events, note, watch };
}

t.test("a statement is told of once, with who made it and why", async (t) => {
  const { events, note } = fixture();
  note(undefined, undefined);
  note(fence, fence);
  note(fence, fence);
  t.same(events, ["ConfirmedDown: admin: it burnt; until 2026-01-01T01:00:00Z"]);
  note(fence, { ...fence, statedAt: "2026-01-01T00:10:00Z" });
  t.equal(events.length, 2, "another one is told of, too");
});

const ends = {
  "the host answers again": [fence, true],
  "its time is over": [fence, false],
  "it was taken back": [undefined, false],
} as const;

for (const [why, [before, isConnected]] of Object.entries(ends)) {
  t.test(`that it has ended is told of, and why: ${why}`, async (t) => {
    const { events, note } = fixture();
    note(fence, fence);
    note(before, undefined, isConnected);
    note(undefined, undefined, isConnected);
    t.same(events.slice(1), [`NoLongerConfirmedDown: what admin stated has ended: ${why}`]);
  });
}

t.test("one of which nobody knows for how long it has stood ends, and that is said", async (t) => {
  const { events, note } = fixture();
  note(fence, fence);
  note(fence, undefined, false, Date.parse("2025-12-31T23:30:00Z"));
  t.match(events[1], "has ended: the clock has been set back to before it was made");
});

t.test("of a Host that is gone nothing is told", async (t) => {
  const { events, note, watch } = fixture();
  note(fence, fence);
  watch.forget("h1");
  note(undefined, undefined);
  t.equal(events.length, 1);
});
