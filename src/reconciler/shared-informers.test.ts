import t from "tap";
import { silentLogger } from "../runtime/logger.ts";
import { LeaseKind } from "../schema/lease.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import type { Store, WatchOptions } from "../store/store.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { SharedInformers } from "./shared-informers.ts";

function setUp() {
  const clock = new ManualClock();
  const calls: string[] = [];
  let ready = true;
  const store = {
    list: async (kind: { kind: string }) => {
      calls.push(`list ${kind.kind}`);
      if (!ready) throw new Error("not ready");
      return { items: [], resourceVersion: "1" };
    },
    watch: async function* (kind: { kind: string }, { signal }: WatchOptions) {
      calls.push(`watch ${kind.kind}`);
      await clock.sleep(1_000_000_000, signal);
      yield { type: "BOOKMARK", resourceVersion: "2" };
    },
  } as unknown as Store;
  const informers = new SharedInformers({ store, clock, logger: silentLogger });
  const abort = new AbortController();
  const setReady = (value: boolean): void => {
    ready = value;
  };
  return { clock, calls, informers, abort, setReady };
}

t.test("all who ask for a kind share one informer", async (t) => {
  const { informers } = setUp();
  t.equal(informers.get(LeaseKind), informers.get(LeaseKind));
  t.not(informers.get(LeaseKind), informers.get(NamespaceKind));
});

t.test("it has started when every cache is filled", async (t) => {
  const { clock, calls, informers, abort, setReady } = setUp();
  informers.get(LeaseKind);
  informers.get(NamespaceKind);
  setReady(false);
  let started = false;
  const starting = informers.start(abort.signal).then(() => {
    started = true;
  });
  await clock.settle();
  t.notOk(started);
  setReady(true);
  await clock.advance(100);
  await starting;
  t.strictSame(calls.slice(0, 2), ["list Lease", "list Namespace"]);
  abort.abort();
  await informers.stop();
  t.equal(clock.pendingTimers, 0);
});

t.test("a kind that is asked for later begins at once", async (t) => {
  const { informers, abort } = setUp();
  await informers.start(abort.signal);
  await informers.get(LeaseKind).synced;
  abort.abort();
  await informers.stop();
  t.pass();
});

t.test("a start that is aborted does not hang", async (t) => {
  const { informers, abort, setReady } = setUp();
  setReady(false);
  informers.get(LeaseKind);
  const starting = informers.start(abort.signal);
  abort.abort(new Error("stop"));
  await t.rejects(starting, { message: "stop" });
  await informers.stop();
});
