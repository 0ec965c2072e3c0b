import fc from "fast-check";
import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import type { Random } from "../runtime/random.ts";
import type { Log } from "../store/log.ts";
import { openMemoryLog } from "../store/memory-log.ts";
import { ResourceStore } from "../store/resource-store.ts";
import { openSqliteLog } from "../store/sqlite-log.ts";
import { ManualClock } from "./manual-clock.ts";
import { WatchProbe } from "./watch-probe.ts";
import { GuardedKind, instance, type Widget, WidgetKind } from "./widget.ts";

/** A call of the store, with a `size` to write where one is written. */
interface Call {
  readonly type: "create" | "update" | "stale update" | "update status" | "release" | "delete";
  readonly name: string;
  readonly size: number;
}

/** Waits for all calls before it; then perhaps does something with the log. */
interface Pause {
  readonly type: "wait" | "compact" | "reopen";
}

type Operation = Call | Pause;

const kinds = { widget: WidgetKind, guarded: GuardedKind };
const name = fc.constantFrom("widget-a", "widget-b", "guarded-a", "guarded-b");
const size = fc.integer({ min: 0, max: 3 });

const callTypes = ["create", "update", "stale update", "update status", "release", "delete"] as const;
const call: fc.Arbitrary<Call> = fc.record({ type: fc.constantFrom(...callTypes), name, size });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: call },
  { weight: 2, arbitrary: fc.constant({ type: "wait" as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ type: "compact" as const }, { type: "reopen" as const }) },
);

interface Ports {
  readonly clock: ManualClock;
  readonly random: Random;
}

type OpenLog = (ports: Ports) => Promise<Log>;

/** Runs operations against one store, writing down all that can be seen from outside. */
class Run {
  readonly transcript: string[] = [];
  readonly #ports: Ports;
  readonly #open: OpenLog;
  readonly #first = new Map<string, Widget>();
  #log: Log;
  #store: ResourceStore;
  #calls: Promise<void>[] = [];

  static async start(open: OpenLog): Promise<Run> {
    const ports = { clock: new ManualClock(), random: countingRandom() };
    const log = await open(ports);
    return new Run(ports, open, log, await openStore(log, ports));
  }

  private constructor(ports: Ports, open: OpenLog, log: Log, store: ResourceStore) {
    this.#ports = ports;
    this.#open = open;
    this.#log = log;
    this.#store = store;
  }

  get log(): Log {
    return this.#log;
  }

  get clock(): ManualClock {
    return this.#ports.clock;
  }

  get store(): ResourceStore {
    return this.#store;
  }

  async perform(operation: Operation): Promise<void> {
    switch (operation.type) {
      case "wait":
        return this.wait();
      case "compact":
        await this.wait();
        return this.#log.compact(this.#log.revision());
      case "reopen":
        await this.wait();
        await this.close();
        this.#log = await this.#open(this.#ports);
        this.#store = await openStore(this.#log, this.#ports);
        return;
      default:
        this.#calls.push(this.#note(operation.type, this.#call(operation)));
    }
  }

  async wait(): Promise<void> {
    await Promise.all(this.#calls);
    this.#calls = [];
    for (const kind of Object.values(kinds)) this.#write(await this.#store.list(kind));
  }

  async close(): Promise<void> {
    this.#store[Symbol.dispose]();
    await this.#log[Symbol.asyncDispose]();
  }

  async #call(operation: Call): Promise<unknown> {
    const kind = operation.name.startsWith("widget") ? kinds.widget : kinds.guarded;
    const namespace = "default";
    const key = { namespace, name: operation.name };
    if (operation.type === "delete") return this.#store.delete(kind, key);
    if (operation.type === "release")
      return this.#store.update(kind, instance(kind, operation.name, {}, { namespace }));
    const object = instance(
      kind,
      operation.name,
      { size: operation.size },
      { namespace, finalizers: [...kind.finalizers] },
    );
    if (operation.type === "create") {
      const created = await this.#store.create(kind, object);
      if (!this.#first.has(operation.name)) this.#first.set(operation.name, created);
      return created;
    }
    if (operation.type === "update status") {
      return this.#store.updateStatus(kind, { ...object, status: { size: operation.size } });
    }
    const { metadata } = this.#first.get(operation.name) ?? object;
    return this.#store.update(kind, operation.type === "update" ? object : { ...object, metadata });
  }

  async #note(what: string, call: Promise<unknown>): Promise<void> {
    try {
      this.#write([what, await call]);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#write([what, error.reason, error.message]);
    }
  }

  #write(value: unknown): void {
    this.transcript.push(JSON.stringify(value, (_, field) => sorted(field)));
  }
}

/** Text does not depend on whether an object was written or read: order of keys is no content. */
function sorted(field: unknown): unknown {
  if (typeof field !== "object" || field === null || Array.isArray(field)) return field;
  return Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function openStore(log: Log, ports: Ports): Promise<ResourceStore> {
  return ResourceStore.open({ log, ...ports, admit: (_, resource) => resource });
}

function countingRandom(): Random {
  let count = 0;
  return { next: () => 0.5, uuid: () => `uid-${++count}`, bytes: (length) => new Uint8Array(length) };
}

/** Opens a log in memory that is the same one when it is opened again. */
function inMemory(): OpenLog {
  let kept: Log | undefined;
  return async ({ clock }) => {
    kept ??= undisposable(openMemoryLog(clock));
    return kept;
  };
}

function undisposable(log: Log): Log {
  return {
    incarnation: log.incarnation,
    commit: (write) => log.commit(write),
    get: (key) => log.get(key),
    range: (options) => log.range(options),
    subscribe: (since, listener) => log.subscribe(since, listener),
    compact: (revision) => log.compact(revision),
    revision: () => log.revision(),
    compactedRevision: () => log.compactedRevision(),
    failure: () => log.failure(),
    [Symbol.asyncDispose]: async () => {},
  };
}

t.test("the same calls give the same answers in memory and on disk", async (t) => {
  const root = t.testdir();
  let rounds = 0;
  const property = fc.asyncProperty(
    fc.array(operation, { minLength: 20, maxLength: 80, size: "max" }),
    async (operations) => {
      rounds += 1;
      const directory = `${root}/${rounds}`;
      const runs = await Promise.all([
        Run.start(inMemory()),
        Run.start(({ clock }) => openSqliteLog({ directory, clock, random: countingRandom() })),
      ]);
      for (const operation of operations) await Promise.all(runs.map((run) => run.perform(operation)));
      await Promise.all(runs.map((run) => run.wait()));
      await Promise.all(runs.map((run) => run.close()));
      const [memory, disk] = runs.map((run) => run.transcript.join("\n"));
      if (memory !== disk) throw new Error(`in memory:\n${memory}\non disk:\n${disk}`);
    },
  );
  await fc.assert(property, { numRuns: 60, seed: 20260101 });
  t.ok(rounds >= 60);
});

t.test(
  "a watch from any revision, replayed over the list of that revision, gives the state at the end",
  async (t) => {
    let events = 0;
    const property = fc.asyncProperty(
      fc.array(call, { minLength: 20, maxLength: 80, size: "max" }),
      fc.nat({ max: 20 }),
      async (calls, start) => {
        const run = await Run.start(inMemory());
        for (const [index, call] of calls.entries()) {
          await run.perform(call);
          if (index % 4 === 3) await run.wait();
        }
        await run.wait();
        const since = String(Math.min(start, run.log.revision()));
        const list = await run.store.list(WidgetKind, { resourceVersion: since });
        const state = new Map(list.items.map((item) => [item.metadata.name, item]));
        const probe = new WatchProbe<Widget>((signal) => run.store.watch(WidgetKind, { since, signal }));
        await run.clock.settle();
        for (const event of probe.events) {
          if (event.type === "BOOKMARK") continue;
          events += 1;
          if (event.type === "DELETED") state.delete(event.object.metadata.name);
          else state.set(event.object.metadata.name, event.object);
        }
        probe.stop();
        const names = [...state.keys()].sort();
        const replayed = JSON.stringify(names.map((name) => sorted(state.get(name))));
        const actual = JSON.stringify((await run.store.list(WidgetKind)).items.map(sorted));
        if (replayed !== actual) throw new Error(`replayed: ${replayed}\nlisted: ${actual}`);
        await run.close();
      },
    );
    await fc.assert(property, { numRuns: 200, seed: 20260101 });
    t.ok(events > 500, `${events} events`);
  },
);
