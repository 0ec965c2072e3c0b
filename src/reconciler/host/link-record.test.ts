import t from "tap";
import { ManualClock } from "../../testing/manual-clock.ts";
import { LinkRecord } from "./link-record.ts";

t.test("a host that never answered was never seen", async (t) => {
  const record = new LinkRecord(new ManualClock());
  const health = record.health({ state: "connecting" });
  t.strictSame(health, { up: false, silentMs: undefined, inFlight: 0, reconnects: 0 });
  t.equal(record.lastSeenMs, undefined);
});

t.test("of links that ended the last word is kept, and the first link is no reconnect", async (t) => {
  const clock = new ManualClock(1_000_000);
  const record = new LinkRecord(clock);
  for (const _link of [1, 2, 3]) record.made();
  await clock.advance(10_000);
  record.ended(4_000);
  t.equal(record.lastSeenMs, 1_004_000);
  await clock.advance(5_000);
  t.strictSame(record.health({ state: "connecting" }), {
    up: false,
    silentMs: 11_000,
    inFlight: 0,
    reconnects: 2,
  });
});
