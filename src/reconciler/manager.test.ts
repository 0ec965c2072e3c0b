import t from "tap";
import { aborted } from "../runtime/abort.ts";
import { silentLogger } from "../runtime/logger.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { Manager, type Part } from "./manager.ts";

function setUp() {
  const clock = new ManualClock();
  const manager = new Manager({ clock, logger: silentLogger, stopTimeoutMs: 1000 });
  const abort = new AbortController();
  const log: string[] = [];
  const recorded = (name: string): Part => ({
    name,
    start: async () => void log.push(`start ${name}`),
    run: async (signal) => {
      log.push(`run ${name}`);
      await aborted(signal);
    },
    stop: async () => void log.push(`stop ${name}`),
  });
  return { clock, manager, abort, log, recorded };
}

t.test("parts start in order, each after the one before is ready, and stop in reverse", async (t) => {
  const { clock, manager, abort, log, recorded } = setUp();
  const slow: Part = {
    name: "slow",
    start: async () => {
      await clock.sleep(100);
      log.push("slow is ready");
    },
  };
  manager.add(recorded("a")).add(slow).add(recorded("b"));
  const running = manager.run(abort.signal, () => log.push("ready"));
  await clock.advance(99);
  t.strictSame(log, ["start a", "run a"]);
  await clock.advance(1);
  t.strictSame(log.splice(0), ["start a", "run a", "slow is ready", "start b", "run b", "ready"]);
  abort.abort();
  await running;
  t.strictSame(log, ["stop b", "stop a"]);
  t.equal(clock.pendingTimers, 0);
});

t.test("a later part has stopped before the signal of an earlier one is aborted", async (t) => {
  const { clock, manager, abort, log } = setUp();
  const part = (name: string): Part => ({
    name,
    run: async (signal) => {
      await aborted(signal);
      log.push(`${name} ends`);
      await clock.sleep(10);
      log.push(`${name} ended`);
    },
  });
  manager.add(part("a")).add(part("b"));
  const running = manager.run(abort.signal);
  await clock.settle();
  abort.abort();
  await clock.advance(100);
  await running;
  t.strictSame(log, ["b ends", "b ended", "a ends", "a ended"]);
});

t.test(
  "a part that fails to start stops those before it and keeps those after it from starting",
  async (t) => {
    const { manager, abort, log, recorded } = setUp();
    manager.add(recorded("a"));
    manager.add({ name: "bad", start: async () => Promise.reject(new Error("port in use")) });
    manager.add(recorded("b"));
    await t.rejects(
      manager.run(abort.signal, () => log.push("ready")),
      { message: "port in use" },
    );
    t.strictSame(log, ["start a", "run a", "stop a"]);
  },
);

t.test("a part that throws at once when started is no different", async (t) => {
  const { manager, abort, log, recorded } = setUp();
  const bad: Part = {
    name: "bad",
    start: () => {
      throw new Error("not even a promise");
    },
  };
  manager.add(recorded("a")).add(bad);
  await t.rejects(manager.run(abort.signal), { message: "not even a promise" });
  t.strictSame(log, ["start a", "run a", "stop a"]);
});

t.test("a background loop that fails stops all, and its error is the manager's", async (t) => {
  const { clock, manager, abort, log, recorded } = setUp();
  manager.add(recorded("a"));
  manager.add({
    name: "bad",
    run: async () => {
      await clock.sleep(50);
      throw new Error("lost leadership");
    },
  });
  manager.add(recorded("b"));
  const running = t.rejects(manager.run(abort.signal), { message: "lost leadership" });
  await clock.advance(50);
  await running;
  t.strictSame(log, ["start a", "run a", "start b", "run b", "stop b", "stop a"]);
});

t.test("when a part has failed no other goes on while one of them takes its time to end", async (t) => {
  const { clock, manager, abort, log } = setUp();
  const worker: Part = {
    name: "worker",
    run: async (signal) => {
      await aborted(signal);
      log.push("worker ends");
    },
  };
  manager.add(worker).add({ name: "stuck", run: () => new Promise(() => {}) });
  manager.add({
    name: "lead",
    run: async () => {
      await clock.sleep(50);
      throw new Error("lost leadership");
    },
  });
  const running = t.rejects(manager.run(abort.signal), { message: "lost leadership" });
  await clock.advance(50);
  t.strictSame(log, ["worker ends"], "although what comes after it has not stopped");
  await clock.advance(1000);
  await running;
});

t.test("a background loop that ends unasked stops all", async (t) => {
  const { manager, abort } = setUp();
  manager.add({ name: "tired", run: async () => {} });
  await t.rejects(manager.run(abort.signal), { message: "tired ended unasked" });
});

t.test("a failure during the start of a later part is not waited out", async (t) => {
  const { clock, manager, abort } = setUp();
  manager.add({ name: "bad", run: async () => Promise.reject(new Error("broken")) });
  manager.add({ name: "hangs", start: (signal) => aborted(signal) });
  await t.rejects(manager.run(abort.signal), { message: "broken" });
  t.equal(clock.pendingTimers, 0);
});

t.test("an abort during the start stops what has started, without an error", async (t) => {
  const { clock, manager, abort, log, recorded } = setUp();
  manager.add(recorded("a"));
  manager.add({ name: "waits", start: (signal) => aborted(signal) });
  manager.add(recorded("b"));
  const running = manager.run(abort.signal, () => log.push("ready"));
  await clock.settle();
  abort.abort();
  await running;
  t.strictSame(log, ["start a", "run a", "stop a"]);
});

t.test("a part that does not stop, or fails to, does not keep the others from stopping", async (t) => {
  const { clock, manager, abort, log, recorded } = setUp();
  manager.add(recorded("a"));
  manager.add({ name: "stuck", run: () => new Promise(() => {}) });
  manager.add({ name: "clumsy", stop: async () => Promise.reject(new Error("tripped")) });
  const running = manager.run(abort.signal);
  await clock.settle();
  abort.abort();
  await clock.advance(1000);
  await running;
  t.strictSame(log, ["start a", "run a", "stop a"]);
});
