import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import type { LogFields, Logger } from "../runtime/logger.ts";
import { createMetrics } from "../runtime/metrics.ts";
import { formatKey, type ObjectKey } from "../schema/meta.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { Controller, type ControllerOptions } from "./controller.ts";
import { LoggedError, type Reconciler, type Result, TerminalError } from "./reconcile.ts";

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

function recordingLogger(lines: Line[], base: LogFields = {}): Logger {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields: { ...base, ...fields } });
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => recordingLogger(lines, { ...base, ...fields }),
  };
}

function setUp(reconcile: Reconciler["reconcile"], options: Partial<ControllerOptions> = {}) {
  const clock = new ManualClock();
  const lines: Line[] = [];
  const metrics = createMetrics();
  const controller = new Controller({
    name: "test",
    reconciler: { reconcile },
    clock,
    logger: recordingLogger(lines),
    metrics,
    ...options,
  });
  const abort = new AbortController();
  const running = controller.run(abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort(new Error("shutting down"));
    await running;
  };
  return { clock, lines, metrics, controller, stop };
}

const done: Result = {};

t.test("every key that is enqueued is reconciled", async (t) => {
  const seen: string[] = [];
  const { clock, controller, stop } = setUp(async (key) => {
    seen.push(formatKey(key));
    return done;
  });
  controller.enqueue({ name: "a" });
  controller.enqueue({ namespace: "ns", name: "b" });
  await clock.settle();
  t.strictSame(seen, ["a", "ns/b"]);
  await stop();
});

t.test("what the reconciler has logged itself is retried by its cause, and logged once", async (t) => {
  const errors = [
    new StatusError("Conflict", "another was faster"),
    new StatusError("InternalError", "no space left"),
  ];
  let count = 0;
  const { clock, controller, lines, stop } = setUp(async (_key, _signal, logger) => {
    const error = errors[count];
    count += 1;
    if (error === undefined) return done;
    logger.warn("step failed", { error: error.message });
    throw new LoggedError(error);
  });
  controller.enqueue({ name: "a" });
  await clock.advance(1_000);
  t.equal(count, 3);
  t.same(
    lines.map(({ level, message }) => `${level} ${message}`),
    ["warn step failed", "debug reconcile lost a race", "warn step failed", "debug reconcile failed"],
  );
  await stop();
});

t.test("a failed key is tried again, ever more slowly, until it succeeds", async (t) => {
  const at: number[] = [];
  const { clock, controller, lines, stop } = setUp(async () => {
    at.push(clock.monotonic());
    if (at.length < 5) throw new StatusError("HostUnreachable", "no route");
    return done;
  });
  controller.enqueue({ name: "a" });
  await clock.advance(10_000);
  t.strictSame(at, [0, 5, 15, 35, 75]);
  t.match(lines[0], {
    level: "warn",
    message: "reconcile failed",
    fields: { controller: "test", key: "a", reconcileId: 1, error: "no route", retries: 0, stack: undefined },
  });
  controller.enqueue({ name: "a" });
  await clock.settle();
  t.equal(at.length, 6);
  await stop();
});

t.test("a success makes the next failure the first", async (t) => {
  const at: number[] = [];
  const { clock, controller, stop } = setUp(async () => {
    at.push(clock.monotonic());
    if (at.length === 3) return done;
    throw new Error("no");
  });
  controller.enqueue({ name: "a" });
  await clock.advance(20);
  t.strictSame(at, [0, 5, 15]);
  controller.enqueue({ name: "a" });
  await clock.advance(6);
  t.strictSame(at, [0, 5, 15, 20, 25]);
  await stop();
});

t.test("a terminal error is not retried, and a change of the object still is a new chance", async (t) => {
  let calls = 0;
  const { clock, controller, lines, stop } = setUp(async () => {
    calls += 1;
    throw new TerminalError("no such instance type");
  });
  controller.enqueue({ name: "a" });
  await clock.advance(10_000_000);
  t.equal(calls, 1);
  t.match(lines, [{ level: "error", fields: { error: "no such instance type", key: "a" } }]);
  controller.enqueue({ name: "a" });
  await clock.settle();
  t.equal(calls, 2);
  await stop();
});

t.test("a lost race is run again soon and without a warning, however many keys lose theirs", async (t) => {
  const calls = new Map<string, number>();
  const { clock, controller, lines, stop } = setUp(async (key) => {
    const count = (calls.get(key.name) ?? 0) + 1;
    calls.set(key.name, count);
    if (count === 1) throw new StatusError("Conflict", "somebody was faster");
    return done;
  });
  for (let index = 0; index < 500; index += 1) controller.enqueue({ name: `k${index}` });
  await clock.advance(10);
  t.ok([...calls.values()].every((count) => count === 2));
  t.strictSame(new Set(lines.map(({ level }) => level)), new Set(["debug"]));
  await stop();
});

t.test("requeueAfterMs asks for another look", async (t) => {
  const at: number[] = [];
  const { clock, controller, stop } = setUp(async () => {
    at.push(clock.monotonic());
    return { requeueAfterMs: 30_000 };
  });
  controller.enqueue({ name: "a" });
  await clock.advance(61_000);
  t.strictSame(at, [0, 30_000, 60_000]);
  await stop();
  t.equal(clock.pendingTimers, 0);
});

t.test("a reconciler that throws anything, even at once, does not stop its worker", async (t) => {
  const seen: string[] = [];
  const reconcile = (key: ObjectKey): Promise<Result> => {
    seen.push(key.name);
    if (key.name === "sync") throw new TypeError("undefined is not a function");
    if (key.name === "string") return Promise.reject("just a string");
    if (key.name === "nan") return Promise.resolve({ requeueAfterMs: Number.NaN });
    return Promise.resolve(done);
  };
  const { clock, controller, lines, stop } = setUp(reconcile);
  for (const name of ["sync", "string", "nan", "fine"]) controller.enqueue({ name });
  await clock.settle();
  t.strictSame(seen, ["sync", "string", "nan", "fine"]);
  t.strictSame(
    lines.map(({ fields }) => fields.error),
    ["undefined is not a function", "just a string", "a delay is a number of milliseconds, not NaN"],
  );
  t.match(lines[0]?.fields.stack, /controller\.test\.ts/, "a bug says where it is");
  await stop();
});

t.test("a reconcile that takes too long has its signal aborted, and is tried again", async (t) => {
  let calls = 0;
  const { clock, controller, lines, stop } = setUp(
    (_key, signal) => {
      calls += 1;
      if (calls > 1) return Promise.resolve(done);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
    { deadlineMs: 60_000 },
  );
  controller.enqueue({ name: "a" });
  await clock.advance(59_999);
  t.equal(calls, 1);
  await clock.advance(6);
  t.equal(calls, 2);
  t.match(lines, [{ level: "warn", fields: { error: "test: the reconcile took longer than 60000 ms" } }]);
  await stop();
});

t.test("at shutdown running reconciles are aborted, awaited, and not reported as failed", async (t) => {
  let ended = false;
  const { clock, controller, lines, stop } = setUp(async (_key, signal) => {
    await clock.sleep(1_000_000, signal).catch(() => {});
    ended = true;
    throw new Error("interrupted");
  });
  controller.enqueue({ name: "a" });
  controller.enqueue({ name: "never begun" });
  await clock.settle();
  await stop();
  t.ok(ended);
  t.strictSame(lines, []);
  t.equal(clock.pendingTimers, 0);
});

t.test("as many keys as there are workers are in work at once, and no key twice", async (t) => {
  const inWork = new Set<string>();
  let most = 0;
  let calls = 0;
  const { clock, controller, stop } = setUp(
    async (key) => {
      t.notOk(inWork.has(key.name));
      inWork.add(key.name);
      most = Math.max(most, inWork.size);
      calls += 1;
      await clock.sleep(10);
      inWork.delete(key.name);
      return done;
    },
    { workers: 3 },
  );
  for (let round = 0; round < 5; round += 1) {
    for (const name of ["a", "b", "c", "d", "e"]) controller.enqueue({ name });
    await clock.advance(5);
  }
  await clock.advance(1000);
  t.equal(most, 3);
  t.ok(calls >= 10);
  await stop();
});

t.test("how many are worked on at once may change while it works", async (t) => {
  let workers = 1;
  let going = 0;
  const { clock, controller, stop } = setUp(
    async (_key, signal) => {
      going += 1;
      await clock.sleep(60_000, signal).catch(() => undefined);
      going -= 1;
      return done;
    },
    { workers: () => workers },
  );
  for (const name of ["a", "b", "c", "d"]) controller.enqueue({ name });
  await clock.settle();
  t.equal(going, 1);
  workers = 3;
  await clock.advance(60_000);
  t.equal(going, 3);
  await stop();
  t.equal(going, 0, "it ends when all have returned");
});

t.test("draining many keys costs one timer in all", async (t) => {
  let calls = 0;
  let mostTimers = 0;
  const { clock, controller, stop } = setUp(async () => {
    calls += 1;
    mostTimers = Math.max(mostTimers, clock.pendingTimers);
    return done;
  });
  for (let index = 0; index < 1000; index += 1) controller.enqueue({ name: `k${index}` });
  await clock.settle();
  t.equal(calls, 1000);
  t.equal(mostTimers, 1);
  await stop();
});

t.test("the reconciler's own log lines carry controller, key and the id of the call", async (t) => {
  const { clock, controller, lines, stop } = setUp(async (_key, _signal, logger) => {
    logger.info("domain started");
    return done;
  });
  controller.enqueue({ namespace: "ns", name: "a" });
  controller.enqueue({ namespace: "ns", name: "b" });
  await clock.settle();
  t.strictSame(lines, [
    { level: "info", message: "domain started", fields: { controller: "test", key: "ns/a", reconcileId: 1 } },
    { level: "info", message: "domain started", fields: { controller: "test", key: "ns/b", reconcileId: 2 } },
  ]);
  await stop();
});

t.test("results, depth and retries are measured", async (t) => {
  const { clock, controller, metrics, stop } = setUp(async (key) => {
    if (key.name === "bad") throw new Error("no");
    if (key.name === "slow") await clock.sleep(5000);
    return done;
  });
  for (const name of ["good", "bad", "slow", "waiting"]) controller.enqueue({ name });
  await clock.advance(2000);
  const lines = (await metrics.render()).split("\n");
  for (const line of [
    'workqueue_adds_total{name="test"} 5',
    'workqueue_retries_total{name="test"} 1',
    'workqueue_depth{name="test"} 2',
    'workqueue_oldest_wait_seconds{name="test"} 2',
    'workqueue_longest_running_processor_seconds{name="test"} 2',
    'ostler_reconcile_total{controller="test",result="success"} 1',
    'ostler_reconcile_total{controller="test",result="error"} 1',
    'ostler_reconcile_total{controller="test",result="terminal"} 0',
  ]) {
    t.ok(lines.includes(line), line);
  }
  await clock.advance(5000);
  await stop();
});
