import t from "tap";
import { abortable } from "./abortable.ts";

t.test("it settles as the promise does", async (t) => {
  const { signal } = new AbortController();
  t.equal(await abortable(Promise.resolve(1), signal), 1);
  await t.rejects(abortable(Promise.reject(new Error("failed")), signal), { message: "failed" });
});

t.test("an abort ends the waiting, before and during it", async (t) => {
  const stop = new AbortController();
  const waiting = abortable(new Promise(() => {}), stop.signal);
  stop.abort(new Error("stopped"));
  await t.rejects(waiting, { message: "stopped" });
  await t.rejects(abortable(Promise.resolve(1), stop.signal), { message: "stopped" });
  await t.rejects(abortable(Promise.reject(new Error("late")), stop.signal), { message: "stopped" });
});
