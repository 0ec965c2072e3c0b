import t from "tap";
import { SingleFlight } from "./single-flight.ts";

const { signal } = new AbortController();

t.test("who asks while a task runs gets its outcome", async (t) => {
  await using flights = new SingleFlight<number>();
  const { promise, resolve } = Promise.withResolvers<number>();
  let runs = 0;
  const task = (): Promise<number> => {
    runs += 1;
    return promise;
  };
  const both = [flights.run("a", task, signal), flights.run("a", task, signal)];
  t.equal(flights.has("a"), true);
  resolve(7);
  t.strictSame(await Promise.all(both), [7, 7]);
  t.equal(runs, 1);
  t.equal(flights.has("a"), false);
  await flights.run("a", task, signal);
  t.equal(runs, 2, "an outcome is not kept");
});

t.test("keys do not wait for each other, and failures are shared too", async (t) => {
  await using flights = new SingleFlight<number>();
  const failed = { message: "failed" };
  const hanging = flights.run("slow", (end) => untilAborted(end), signal);
  const both = [1, 2].map(() => flights.run("b", () => Promise.reject(new Error("failed")), signal));
  await Promise.all(both.map((one) => t.rejects(one, failed)));
  hanging.catch(() => {});
});

t.test("who gives up leaves the task to the others", async (t) => {
  await using flights = new SingleFlight<number>();
  const { promise, resolve } = Promise.withResolvers<number>();
  const impatient = new AbortController();
  const first = flights.run("a", () => promise, impatient.signal);
  const second = flights.run("a", () => promise, signal);
  impatient.abort(new Error("gave up"));
  await t.rejects(first, { message: "gave up" });
  resolve(7);
  t.equal(await second, 7);
  await t.rejects(
    flights.run("a", () => promise, impatient.signal),
    { message: "gave up" },
  );
});

t.test("disposing ends the tasks and waits for their end", async (t) => {
  const flights = new SingleFlight<number>();
  const asked = flights.run("a", (end) => untilAborted(end), signal);
  const outcome = t.rejects(asked, { name: "AbortError" });
  await flights[Symbol.asyncDispose]();
  t.equal(flights.has("a"), false);
  await outcome;
});

function untilAborted(end: AbortSignal): Promise<never> {
  return new Promise((_, reject) => end.addEventListener("abort", () => reject(end.reason)));
}
