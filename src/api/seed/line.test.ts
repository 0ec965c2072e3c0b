import t from "tap";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { Line } from "./line.ts";

const { signal } = new AbortController();

t.test("one at a time, first come first served, also after one that failed", async (t) => {
  const line = new Line(10);
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(`${name} ends`);
    if (name === "b") throw new Error("b");
    return name;
  };
  const all = ["a", "b", "c"].map((name) => line.run(signal, work(name)).catch(() => "failed"));
  t.equal(line.waiting, 2);
  t.same(await Promise.all(all), ["a", "failed", "c"]);
  t.same(seen, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  t.equal(await line.run(signal, async () => 1), 1);
});

t.test("who comes when too many wait is turned away, and who gives up leaves", async (t) => {
  const line = new Line(1);
  let finish = (): void => {};
  const first = line.run(signal, () => new Promise<void>((resolve) => (finish = resolve)));
  const impatient = new AbortController();
  const second = line.run(impatient.signal, async () => t.fail("never its turn"));
  await rejectsWith(
    t,
    line.run(signal, async () => {}),
    "TooManyRequests",
  );
  impatient.abort(new Error("enough"));
  await t.rejects(second, { message: "enough" });
  const third = line.run(signal, async () => "third");
  finish();
  await first;
  t.equal(await third, "third");
  await t.rejects(
    line.run(AbortSignal.abort(new Error("late")), async () => {}),
    { message: "late" },
  );
  t.equal(await line.run(signal, async () => "free"), "free");
});
