import t from "tap";
import { onAbort } from "../../runtime/abort.ts";
import { fails } from "../../testing/fails.ts";
import { ConsolePlaces, type TakeOptions } from "./places.ts";

const viewer = { userName: "ann", since: 0 };
const at = (uid: string, force = false): TakeOptions => ({ uid, label: `vm "${uid}"`, viewer, force });

t.test("a place is one viewer's until it is left", async (t) => {
  const places = new ConsolePlaces(8);
  const first = await places.take(at("a"));
  await places.take(at("b"));
  const refused = await places.take(at("a")).catch((error: unknown) => error);
  t.match(refused, { reason: "Conflict", message: /vm "a" is in use by ann since 1970-01-01T00:00:00Z/ });
  first[Symbol.dispose]();
  await places.take(at("a"));
  t.equal(places.taken, 2);
});

t.test("by force a place is taken once the other has left it, by one of those who want it", async (t) => {
  const places = new ConsolePlaces(8);
  const first = await places.take(at("a"));
  const order: string[] = [];
  first.signal.addEventListener("abort", () => {
    order.push(`told: ${first.signal.reason.message}`);
    queueMicrotask(() => {
      order.push("left");
      first[Symbol.dispose]();
    });
  });
  const second = await places.take(at("a", true));
  order.push("taken");
  t.same(order, ['told: ann took the console of vm "a" over', "left", "taken"]);
  const leave = ({ signal, [Symbol.dispose]: left }: typeof second) => void onAbort(signal, left);
  leave(second);
  const both = [places.take(at("a", true)), places.take(at("a", true))].map(async (wanted) => {
    const place = await wanted;
    leave(place);
    return place;
  });
  const taken = await Promise.all(both);
  t.equal(taken.filter(({ signal }) => !signal.aborted).length, 1);
  t.equal(places.taken, 1);
});

t.test("there are so many places and no more", async (t) => {
  const places = new ConsolePlaces(2);
  const first = await places.take(at("a"));
  await places.take(at("b"));
  await fails(t, places.take(at("c")), "TooManyRequests");
  first[Symbol.dispose]();
  await places.take(at("c"));
});
