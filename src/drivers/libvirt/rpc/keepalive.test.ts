import t from "tap";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { defaultKeepalive, Keepalive } from "./keepalive.ts";

interface Scene {
  readonly clock: ManualClock;
  readonly keepalive: Keepalive;
  readonly seen: { pings: number; deadAfterMs?: number; saturated: boolean };
}

function start(): Scene {
  const clock = new ManualClock();
  const seen: Scene["seen"] = { pings: 0, saturated: false };
  const keepalive: Keepalive = new Keepalive(clock, defaultKeepalive, {
    ping: () => {
      seen.pings += 1;
    },
    isSaturated: () => seen.saturated,
    dead: (silenceMs) => {
      seen.deadAfterMs = silenceMs;
      keepalive.stop();
    },
  });
  return { clock, keepalive, seen };
}

t.test("silence is answered with pings, and 30 s of it with the end", async (t) => {
  const { clock, seen } = start();
  await clock.advance(5000);
  t.equal(seen.pings, 1, "the first look hears the connection being made, an interval ago");
  await clock.advance(29_999);
  t.strictSame(seen, { pings: 6, saturated: false });
  await clock.advance(1);
  t.equal(seen.deadAfterMs, 30_000);
  t.equal(clock.pendingTimers, 0);
});

t.test("a daemon that answers is heard from at least every interval, a busy one is not asked", async (t) => {
  const { clock, keepalive, seen } = start();
  for (let second = 0; second < 60; second++) {
    await clock.advance(1000);
    keepalive.heard();
  }
  t.equal(seen.pings, 0);
  let longestMs = 0;
  for (let asked = 0, step = 0; step < 600; step++) {
    await clock.advance(100);
    longestMs = Math.max(longestMs, clock.monotonic() - keepalive.heardAtMs);
    if (seen.pings > asked) keepalive.heard();
    asked = seen.pings;
  }
  t.ok(longestMs <= 6000, `silent for ${longestMs} ms at the longest`);
  keepalive.stop();
});

t.test("any sign of life restarts the silence", async (t) => {
  const { clock, keepalive, seen } = start();
  for (let round = 0; round < 20; round++) {
    await clock.advance(25_000);
    keepalive.heard();
  }
  t.equal(seen.deadAfterMs, undefined);
  t.ok(seen.pings > 0);
  keepalive.stop();
  t.equal(clock.pendingTimers, 0);
});

t.test("silence proves nothing while our own calls fill the daemon's places", async (t) => {
  const { clock, seen } = start();
  seen.saturated = true;
  await clock.advance(120_000);
  t.equal(seen.deadAfterMs, undefined);
  seen.saturated = false;
  await clock.advance(5000);
  t.ok(seen.deadAfterMs);
});
