import t from "tap";
import { SingleFlight } from "./single-flight.ts";

const forever = (): AbortSignal => new AbortController().signal;

/** Work that ends when told, and counts its runs. */
function controlled() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  const work = (signal: AbortSignal): Promise<void> => {
    signals.push(signal);
    return promise;
  };
  return { work, signals, resolve, reject };
}

t.test("who comes while it runs waits for the same run; who comes later starts another", async (t) => {
  const flights = new SingleFlight();
  const { work, signals, resolve } = controlled();
  const both = [flights.run("a", forever(), work), flights.run("a", forever(), work)];
  t.equal(signals.length, 1);
  const other = flights.run("b", forever(), work);
  t.equal(signals.length, 2);
  resolve();
  await Promise.all([...both, other]);
  await flights.run("a", forever(), work);
  t.equal(signals.length, 3);
});

t.test("a failure reaches all who wait", async (t) => {
  const flights = new SingleFlight();
  const { work, reject } = controlled();
  const both = [flights.run("a", forever(), work), flights.run("a", forever(), work)];
  reject(new Error("broken"));
  for (const outcome of await Promise.allSettled(both)) t.match(outcome, { reason: /broken/ });
});

t.test("one that gives up leaves the rest waiting; the last one stops the work", async (t) => {
  const flights = new SingleFlight();
  const { work, signals } = controlled();
  const first = new AbortController();
  const second = new AbortController();
  const one = flights.run("a", first.signal, work);
  const two = flights.run("a", second.signal, work);
  first.abort(new Error("first gave up"));
  await t.rejects(one, /first gave up/);
  t.equal(signals[0]?.aborted, false);
  second.abort(new Error("second gave up"));
  await t.rejects(two, /second gave up/);
  t.equal(signals[0]?.aborted, true);
  const fresh = controlled();
  const three = flights.run("a", forever(), fresh.work);
  t.equal(fresh.signals.length, 1, "a newcomer does not join work that is being given up");
  fresh.resolve();
  await three;
});
