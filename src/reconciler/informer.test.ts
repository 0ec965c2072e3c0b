import * as fc from "fast-check";
import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import { silentLogger } from "../runtime/logger.ts";
import { type Lease, LeaseKind } from "../schema/lease.ts";
import { formatKey, keyOf } from "../schema/meta.ts";
import type { Store, WatchEvent, WatchOptions } from "../store/store.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { type Change, Informer } from "./informer.ts";

/** The list and watch of a store that can be told to fail, to forget its history and to break its watches. */
class BrittleStore {
  readonly objects = new Map<string, Lease>();
  readonly #events: { revision: number; event: WatchEvent<Lease> }[] = [];
  #revision = 1;
  #compacted = 0;
  #wakes: (() => void)[] = [];
  #breaks = 0;
  failLists = 0;
  lists = 0;
  watches = 0;

  put(name: string, uid = `uid-${name}`): void {
    const exists = this.objects.has(name);
    const object = this.#object(name, uid);
    this.objects.set(name, object);
    this.#emit({ type: exists ? "MODIFIED" : "ADDED", object });
  }

  remove(name: string): void {
    const object = this.objects.get(name);
    if (!this.objects.delete(name) || object === undefined) return;
    this.#emit({ type: "DELETED", object: this.#object(name, object.metadata.uid ?? "") });
  }

  bookmark(): void {
    this.#revision += 1;
    this.#emit({ type: "BOOKMARK", resourceVersion: `${this.#revision}` });
  }

  /** Forgets all history: who resumes from before must list again. */
  compact(): void {
    this.#compacted = this.#revision;
    this.#events.length = 0;
  }

  breakWatches(): void {
    this.#breaks += 1;
    this.#wake();
  }

  /** What the tests hand to an informer. */
  get store(): Pick<Store, "list" | "watch"> {
    const store = {
      list: async () => this.#list(),
      watch: (_kind: unknown, options: WatchOptions) => this.#watch(options),
    };
    return store as unknown as Pick<Store, "list" | "watch">;
  }

  #object(name: string, uid: string): Lease {
    this.#revision += 1;
    const metadata = { name, uid, resourceVersion: `${this.#revision}` };
    return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata };
  }

  #emit(event: WatchEvent<Lease>): void {
    this.#events.push({ revision: this.#revision, event });
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }

  #list() {
    this.lists += 1;
    if (this.failLists > 0) {
      this.failLists -= 1;
      throw new StatusError("ServiceUnavailable", "list failed");
    }
    return { items: [...this.objects.values()], resourceVersion: `${this.#revision}` };
  }

  async *#watch({ since, signal }: WatchOptions): AsyncGenerator<WatchEvent<Lease>> {
    this.watches += 1;
    const breaks = this.#breaks;
    let seen = Number(since);
    signal.addEventListener("abort", () => this.#wake());
    while (!signal.aborted) {
      if (seen < this.#compacted) throw new StatusError("Expired", "too old");
      if (breaks !== this.#breaks) throw new StatusError("ServiceUnavailable", "connection lost");
      const next = this.#events.find(({ revision }) => revision > seen);
      if (next === undefined) {
        await new Promise<void>((resolve) => this.#wakes.push(resolve));
      } else {
        seen = next.revision;
        yield next.event;
      }
    }
  }
}

function setUp(resyncMs?: number) {
  const clock = new ManualClock();
  const store = new BrittleStore();
  const abort = new AbortController();
  const informer = new Informer({
    store: store.store,
    kind: LeaseKind,
    clock,
    logger: silentLogger,
    resyncMs,
  });
  const seen: string[] = [];
  informer.subscribe(({ type, object, previous }) => {
    const before = previous === undefined ? "" : ` was ${previous.metadata.uid}`;
    seen.push(`${type} ${object.metadata.uid}${before}`);
  });
  return { clock, store, informer, seen, abort };
}

t.test("what is there is delivered as added, then what changes", async (t) => {
  const { clock, store, informer, seen, abort } = setUp();
  store.put("a");
  const running = informer.run(abort.signal);
  await informer.synced;
  t.strictSame(seen, ["added uid-a"]);
  store.put("a");
  store.put("b");
  store.remove("a");
  await clock.settle();
  t.strictSame(seen.slice(1), ["modified uid-a was uid-a", "added uid-b", "deleted uid-a was uid-a"]);
  t.strictSame(informer.cache.list().map(keyOf).map(formatKey), ["b"]);
  abort.abort();
  await running;
  t.equal(clock.pendingTimers, 0);
});

t.test("the cache has a change before the handlers hear of it", async (t) => {
  const { clock, store, informer, abort } = setUp();
  const found: boolean[] = [];
  informer.subscribe(({ object }) => found.push(informer.cache.get(keyOf(object)) === object));
  const running = informer.run(abort.signal);
  await informer.synced;
  store.put("a");
  await clock.settle();
  t.strictSame(found, [true]);
  abort.abort();
  await running;
});

t.test("who subscribes late is told what is there", async (t) => {
  const { store, informer, abort } = setUp();
  store.put("a");
  const running = informer.run(abort.signal);
  await informer.synced;
  const late: string[] = [];
  const unsubscribe = informer.subscribe(({ type, object }) => late.push(`${type} ${object.metadata.name}`));
  t.strictSame(late, ["added a"]);
  unsubscribe();
  store.put("b");
  await Promise.resolve();
  t.equal(late.length, 1);
  abort.abort();
  await running;
});

t.test("a broken watch goes on from the last revision, without listing again", async (t) => {
  const { clock, store, informer, seen, abort } = setUp();
  const running = informer.run(abort.signal);
  await informer.synced;
  store.put("before");
  store.put("before");
  await clock.settle();
  store.breakWatches();
  store.put("a");
  await clock.advance(1000);
  t.strictSame(seen, ["added uid-before", "modified uid-before was uid-before", "added uid-a"]);
  t.equal(store.lists, 1);
  t.equal(store.watches, 2);
  abort.abort();
  await running;
});

t.test("bookmarks move the revision on, so that a quiet kind need not list again", async (t) => {
  const { clock, store, informer, abort } = setUp();
  const running = informer.run(abort.signal);
  await informer.synced;
  store.bookmark();
  await clock.settle();
  store.compact();
  store.breakWatches();
  await clock.advance(1000);
  t.equal(store.lists, 1);
  abort.abort();
  await running;
});

t.test("when history is gone it lists again and delivers the difference", async (t) => {
  const { clock, store, informer, seen, abort } = setUp();
  for (const name of ["gone", "kept", "changed", "reborn"]) store.put(name);
  const running = informer.run(abort.signal);
  await informer.synced;
  seen.length = 0;
  store.breakWatches();
  await clock.settle();
  store.remove("gone");
  store.put("changed");
  store.remove("reborn");
  store.put("reborn", "uid-2");
  store.put("new");
  store.compact();
  await clock.advance(10_000);
  t.equal(store.lists, 2);
  t.strictSame(seen.sort(), [
    "added uid-2",
    "added uid-new",
    "deleted uid-gone was uid-gone",
    "deleted uid-reborn was uid-reborn",
    "modified uid-changed was uid-changed",
  ]);
  abort.abort();
  await running;
});

t.test("a list that fails is tried again, ever more slowly", async (t) => {
  const { clock, store, informer, abort } = setUp();
  store.failLists = 100;
  const running = informer.run(abort.signal);
  await clock.advance(1000);
  t.equal(store.lists, 4, "at 0, 100, 300 and 700 ms");
  await clock.advance(600_000);
  t.ok(store.lists < 35, `${store.lists} lists in ten minutes`);
  store.failLists = 0;
  await clock.advance(30_000);
  await informer.synced;
  abort.abort();
  await running;
});

t.test("a handler that throws harms neither the others nor the cache", async (t) => {
  const { clock, store, informer, abort } = setUp();
  const heard: string[] = [];
  informer.subscribe(() => {
    throw new Error("handler is broken");
  });
  informer.subscribe(({ object }) => heard.push(object.metadata.name));
  const running = informer.run(abort.signal);
  await informer.synced;
  store.put("a");
  store.put("b");
  await clock.settle();
  t.strictSame(heard, ["a", "b"]);
  t.equal(informer.cache.size, 2);
  abort.abort();
  await running;
});

t.test("a resync delivers every object again", async (t) => {
  const { clock, store, informer, seen, abort } = setUp(60_000);
  store.put("a");
  const running = informer.run(abort.signal);
  await informer.synced;
  await clock.advance(120_000);
  t.strictSame(seen, ["added uid-a", "resync uid-a was uid-a", "resync uid-a was uid-a"]);
  abort.abort();
  await running;
  t.equal(clock.pendingTimers, 0);
});

/** Applies changes to a map as a handler that trusts them would; throws when they contradict each other. */
function follow(model: Map<string, Lease>, { type, object, previous }: Change<Lease>): void {
  const key = formatKey(keyOf(object));
  const known = model.get(key);
  if ((type === "added") !== (known === undefined)) throw new Error(`${type} of ${key}, known: ${known}`);
  const [older, newer] = [known, object].map((lease) => Number(lease?.metadata.resourceVersion ?? 0));
  if (type !== "deleted" && older !== undefined && newer !== undefined && older >= newer) {
    throw new Error(`${key} went back from revision ${older} to ${newer}`);
  }
  if (previous !== known) throw new Error(`previous of ${key} is not what was delivered`);
  if (type === "deleted") model.delete(key);
  else model.set(key, object);
}

t.test("cache and handlers end up with what the store has, whatever goes wrong on the way", async (t) => {
  const name = fc.constantFrom("a", "b", "c", "d");
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("put"), name }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("remove"), name }) },
    fc.record({ do: fc.constantFrom("break", "compact", "failList", "bookmark", "advance"), name }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(20), async (steps, start) => {
      const { clock, store, informer, abort } = setUp();
      const model = new Map<string, Lease>();
      let contradiction: unknown;
      informer.subscribe((change) => {
        try {
          follow(model, change);
        } catch (error) {
          contradiction ??= error;
        }
      });
      let running: Promise<void> | undefined;
      for (const [index, step] of steps.entries()) {
        if (index === start) running = informer.run(abort.signal);
        await act(store, clock, step);
      }
      running ??= informer.run(abort.signal);
      await clock.advance(120_000);
      abort.abort();
      await running;
      if (contradiction !== undefined) throw contradiction;
      t.strictSame(sorted(informer.cache.list()), sorted([...store.objects.values()]));
      t.strictSame(sorted([...model.values()]), sorted([...store.objects.values()]));
      t.equal(clock.pendingTimers, 0);
    }),
    { numRuns: 150, seed: 1 },
  );
});

async function act(
  store: BrittleStore,
  clock: ManualClock,
  step: { do: string; name: string },
): Promise<void> {
  if (step.do === "put") store.put(step.name, `${step.name}-${store.objects.size}`);
  if (step.do === "remove") store.remove(step.name);
  if (step.do === "break") store.breakWatches();
  if (step.do === "compact") store.compact();
  if (step.do === "failList") store.failLists += 1;
  if (step.do === "bookmark") store.bookmark();
  if (step.do === "advance") await clock.advance(150);
}

function sorted(leases: readonly Lease[]): string[] {
  return leases.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).sort();
}
