import t from "tap";
import { HintQueue } from "./hint-queue.ts";

t.test("what repeats is one hint, in the order of first mention", async (t) => {
  const queue = new HintQueue();
  for (const uid of ["a", "b", "a", "a"]) queue.push({ uid });
  queue.end();
  t.strictSame(await Array.fromAsync(queue.read(new AbortController().signal)), [{ uid: "a" }, { uid: "b" }]);
});

t.test("a reader that waits is woken", async (t) => {
  const queue = new HintQueue();
  const reader = queue.read(new AbortController().signal);
  const first = reader.next();
  queue.push({ uid: "a" });
  t.strictSame(await first, { done: false, value: { uid: "a" } });
  const second = reader.next();
  queue.end();
  t.strictSame(await second, { done: true, value: undefined });
});

t.test("a reader that falls far behind is told to look at the whole host", async (t) => {
  const queue = new HintQueue();
  for (let index = 0; index < 5000; index += 1) queue.push({ uid: `uid-${index}` });
  queue.end();
  t.strictSame(await Array.fromAsync(queue.read(new AbortController().signal)), [{}]);
});

t.test("an abort ends the reading, pending hints or not", async (t) => {
  const queue = new HintQueue();
  const stop = new AbortController();
  const waiting = queue.read(stop.signal).next();
  stop.abort(new Error("enough"));
  t.match(await waiting, { done: true });
  queue.push({ uid: "a" });
  t.strictSame(await Array.fromAsync(queue.read(stop.signal)), []);
});

t.test("what was told of a domain is passed on only if nothing else was hinted at", async (t) => {
  const queue = new HintQueue();
  const told = { state: "running", reason: "booted" } as const;
  for (const uid of ["a", "a"]) queue.push({ uid, told });
  for (const hint of [{ uid: "b", told }, { uid: "b" }]) queue.push(hint);
  for (const hint of [{ uid: "c" }, { uid: "c", told }]) queue.push(hint);
  queue.push({ uid: "d", told });
  queue.push({ uid: "d", told: { state: "shutoff", reason: "destroyed" } });
  queue.end();
  const hints = await Array.fromAsync(queue.read(new AbortController().signal));
  t.strictSame(hints, [{ uid: "a", told }, { uid: "b" }, { uid: "c" }, { uid: "d" }]);
});
