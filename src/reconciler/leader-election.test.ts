import * as fc from "fast-check";
import t, { type Test } from "tap";
import type { Clock } from "../runtime/clock.ts";
import { StatusError } from "../runtime/errors.ts";
import { silentLogger } from "../runtime/logger.ts";
import { LeaseKind } from "../schema/lease.ts";
import { openEngine } from "../testing/engine-fixture.ts";
import type { ManualClock } from "../testing/manual-clock.ts";
import { LeaderElection, type LeaderElectionOptions } from "./leader-election.ts";

const key = { namespace: "default", name: "ostler" };

type LeaseStore = LeaderElectionOptions["store"];

/** A candidate on a machine of its own, whose wall clock and way to the store can be disturbed. */
class Candidate {
  readonly election: LeaderElection;
  readonly abort = new AbortController();
  wallOffsetMs = 0;
  trouble: "none" | "refused" | "hangs" | "slow" = "none";
  ended: unknown;
  #running: Promise<void> | undefined;

  constructor(store: LeaseStore, clock: ManualClock, identity: string) {
    this.election = new LeaderElection({
      store: this.#wayTo(store, clock),
      kind: LeaseKind,
      key,
      identity,
      clock: this.#clock(clock),
      logger: silentLogger,
    });
  }

  get leads(): boolean {
    return this.election.isLeading();
  }

  run(): void {
    const { signal } = this.abort;
    const loop = async (): Promise<void> => {
      await this.election.start(signal);
      await this.election.run(signal);
    };
    this.#running = loop().catch((error: unknown) => {
      this.ended = error;
    });
  }

  /** Ends without handing anything back, as a crash does. */
  async crash(): Promise<void> {
    this.abort.abort(new Error("crashed"));
    await this.#running;
  }

  #clock(clock: ManualClock): Clock {
    return {
      now: () => clock.now() + this.wallOffsetMs,
      monotonic: () => clock.monotonic(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
      sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
      yield: () => clock.yield(),
      drained: () => clock.drained(),
    };
  }

  #wayTo(store: LeaseStore, clock: ManualClock): LeaseStore {
    const call = async <R>(work: () => Promise<R>): Promise<R> => {
      if (this.trouble === "refused") throw new StatusError("ServiceUnavailable", "no way to the store");
      if (this.trouble === "hangs") return new Promise(() => {});
      if (this.trouble === "slow") await clock.sleep(3000);
      return work();
    };
    return {
      get: (kind, key) => call(() => store.get(kind, key)),
      create: (kind, object) => call(() => store.create(kind, object)),
      update: (kind, object) => call(() => store.update(kind, object)),
    };
  }
}

async function setUp(t: Test) {
  const { store, clock } = await openEngine(t);
  const candidates: Candidate[] = [];
  const candidate = (identity: string): Candidate => {
    const created = new Candidate(store, clock, identity);
    candidates.push(created);
    created.run();
    return created;
  };
  t.teardown(() => Promise.all(candidates.map((one) => one.crash())));
  return { store, clock, candidate };
}

t.test("the first candidate leads, and its lease says so", async (t) => {
  const { store, clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  t.ok(a.leads);
  t.match(await store.get(LeaseKind, key), {
    spec: {
      holderIdentity: "a",
      leaseDurationSeconds: 15,
      acquireTime: "2026-01-01T00:00:00.000000Z",
      renewTime: "2026-01-01T00:00:00.000000Z",
      leaseTransitions: 0,
    },
  });
  await clock.advance(4000);
  t.match(await store.get(LeaseKind, key), {
    spec: { acquireTime: "2026-01-01T00:00:00.000000Z", renewTime: "2026-01-01T00:00:04.000000Z" },
  });
});

t.test("while the leader renews, nobody else leads", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  const b = candidate("b");
  for (let second = 0; second < 120; second += 1) {
    await clock.advance(1000);
    t.ok(a.leads && !b.leads);
  }
});

t.test("after a crash another leads when the lease has run out, not sooner", async (t) => {
  const { store, clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  const b = candidate("b");
  await clock.advance(5000);
  await a.crash();
  await clock.advance(14_000);
  t.notOk(b.leads);
  await clock.advance(5000);
  t.ok(b.leads);
  t.match(await store.get(LeaseKind, key), { spec: { holderIdentity: "b", leaseTransitions: 1 } });
});

t.test("a lease that was handed back is taken at the next attempt", async (t) => {
  const { store, clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  const b = candidate("b");
  await clock.settle();
  await a.crash();
  await a.election.stop();
  t.notOk(a.leads);
  t.equal((await store.get(LeaseKind, key))?.spec?.holderIdentity, undefined);
  await clock.advance(2000);
  t.ok(b.leads);
  t.match(await store.get(LeaseKind, key), { spec: { leaseTransitions: 1 } });
});

t.test("a leader that cannot reach the store stops leading before another can begin", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  const b = candidate("b");
  await clock.advance(4000);
  a.trouble = "refused";
  await clock.advance(9999);
  t.ok(a.leads);
  await clock.advance(1);
  t.notOk(a.leads);
  t.match(a.ended, { message: "lost the lead: lease default/ostler could not be renewed in time" });
  t.notOk(b.leads);
  await clock.advance(7000);
  t.ok(b.leads);
});

t.test("a leader that gets no answer leads no longer than one that is refused", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  a.trouble = "hangs";
  await clock.advance(10_000);
  t.notOk(a.leads);
  t.match(a.ended, { message: /lost the lead/ });
});

t.test("a short outage costs nothing", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  a.trouble = "refused";
  await clock.advance(7000);
  a.trouble = "none";
  await clock.advance(60_000);
  t.ok(a.leads);
});

t.test("a machine that was suspended leads no more when it wakes", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  a.wallOffsetMs = 11_000;
  t.notOk(a.leads, "its monotonic clock stood still, its wall clock did not");
});

t.test("who wakes and still waits for an answer from before ends at once", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  a.trouble = "hangs";
  await clock.advance(3000);
  a.wallOffsetMs = 60_000;
  await clock.advance(500);
  t.match(a.ended, { message: /lost the lead/ });
});

t.test(
  "a lead that has run out while the machine was suspended does not come back with the clock",
  async (t) => {
    const { clock, candidate } = await setUp(t);
    const a = candidate("a");
    await clock.settle();
    a.trouble = "refused";
    a.wallOffsetMs = 60_000;
    t.notOk(a.leads);
    a.wallOffsetMs = -3_600_000;
    t.notOk(a.leads);
  },
);

t.test("a wall clock that is set back does not prolong the lead", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  a.wallOffsetMs = -3_600_000;
  a.trouble = "refused";
  await clock.advance(10_000);
  t.notOk(a.leads);
});

t.test("whose wall clock was set back does nothing until it has renewed, and then leads on", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  a.wallOffsetMs = -900;
  t.ok(a.leads, "clocks are kept in step by less than a second");
  a.wallOffsetMs = -3_600_000;
  t.notOk(a.leads, "it may have been suspended since, and no clock would show it");
  a.wallOffsetMs = 0;
  t.notOk(a.leads, "also when the clock is right again");
  await clock.advance(2_000);
  t.ok(a.leads);
  t.equal(a.ended, undefined);
});

t.test("who finds, once in doubt, that another has the lease leads no more", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  a.wallOffsetMs = -3_600_000;
  a.trouble = "refused";
  t.notOk(a.leads);
  await clock.advance(2_000);
  t.match(a.ended, /lost the lead/);
});

t.test("a candidate whose wall clock leaps years ahead waits as long as any other", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  const b = candidate("b");
  a.trouble = "refused";
  await clock.advance(4000);
  b.wallOffsetMs = 1e11;
  await clock.advance(4000);
  t.ok(a.leads && !b.leads);
});

t.test("a slow renewal counts from when it was sent, not from when it was answered", async (t) => {
  const { clock, candidate } = await setUp(t);
  const a = candidate("a");
  await clock.settle();
  a.trouble = "slow";
  await clock.advance(8000);
  a.trouble = "hangs";
  t.ok(a.leads, "sent at 2 s, answered at 8 s");
  await clock.advance(3999);
  t.ok(a.leads);
  await clock.advance(1);
  t.notOk(a.leads, "10 s after it was sent");
});

t.test("of many that begin at once, one leads", async (t) => {
  const { clock, candidate } = await setUp(t);
  const all = ["a", "b", "c", "d"].map(candidate);
  await clock.settle();
  t.equal(all.filter(({ leads }) => leads).length, 1);
});

t.test("times that do not fit each other are refused", async (t) => {
  const { store, clock } = await openEngine(t);
  const times = { leaseDurationMs: 10_000, renewDeadlineMs: 10_000 };
  const options = { store, kind: LeaseKind, key, identity: "a", clock, logger: silentLogger, ...times };
  t.throws(() => new LeaderElection(options), RangeError);
});

t.test("a start that is aborted ends", async (t) => {
  const { clock, candidate } = await setUp(t);
  candidate("a");
  await clock.settle();
  const b = candidate("b");
  await clock.settle();
  await b.crash();
  t.match(b.ended, { message: "crashed" });
});

t.test("two never lead at once, whatever happens to the candidates", async (t) => {
  const action = fc.record({
    who: fc.nat(2),
    what: fc.constantFrom("none", "refused", "hangs", "crash", "suspend", "setBack"),
    forMs: fc.integer({ min: 500, max: 12_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
      const { clock, candidate } = await setUp(t);
      const candidates = ["a", "b", "c"].map(candidate);
      for (const [index, { who, what, forMs }] of actions.entries()) {
        candidates[who] = await disturb(candidates[who], what, () => candidate(`${who}-${index}`));
        for (let passed = 0; passed < forMs; passed += 500) {
          await clock.advance(500);
          const leading = candidates.filter(({ leads }) => leads).length;
          if (leading > 1) throw new Error(`${leading} lead at once`);
        }
      }
      for (const one of candidates) await one.crash();
    }),
    { numRuns: 40, seed: 1 },
  );
});

async function disturb(one: Candidate | undefined, what: string, renew: () => Candidate): Promise<Candidate> {
  if (one === undefined) return renew();
  if (what === "none" || what === "refused" || what === "hangs") one.trouble = what;
  if (what === "suspend") one.wallOffsetMs += 20_000;
  if (what === "setBack") one.wallOffsetMs -= 20_000;
  if (what !== "crash" && one.ended === undefined) return one;
  await one.crash();
  return renew();
}
