import t from "tap";
import { hasReason } from "../../runtime/errors.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { FairSeats, type SeatLimits, type Ticket } from "./fair-seats.ts";

const clock = new ManualClock();
const roomy = { seats: 2, seatsEach: 2, queued: 10, waitMs: 1000 };

function seatsWith(limits: Partial<SeatLimits> = {}): FairSeats {
  return new FairSeats("writes", { ...roomy, ...limits }, clock);
}

/** Takes seats under names; `served` are those whose turn came, in order, and `refused` the others. */
function visitors(seats: FairSeats) {
  const served: string[] = [];
  const refused: string[] = [];
  const tickets = new Map<string, Ticket>();
  const come = (name: string, weight?: number): void => {
    const ticket = seats.take(name.slice(0, 1), weight);
    tickets.set(name, ticket);
    if (ticket.turn === undefined) served.push(name);
    else
      ticket.turn.then(
        () => served.push(name),
        (error: unknown) => refused.push(`${name} ${hasReason(error, "TooManyRequests")}`),
      );
  };
  const go = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) tickets.get(name)?.leave();
    await clock.advance(0);
  };
  return { come, go, served, refused };
}

t.test("who finds a seat has it at once; who finds none waits for one", async (t) => {
  const seats = seatsWith();
  const { come, go, served } = visitors(seats);
  for (const name of ["a1", "a2", "a3"]) come(name);
  t.same(served, ["a1", "a2"]);
  t.match(seats, { taken: 2, queued: 1, refused: 0 });
  await go("a1");
  t.same(served, ["a1", "a2", "a3"]);
  t.match(seats, { taken: 2, queued: 0 });
});

t.test("a seat is given back once", async (t) => {
  const seats = seatsWith();
  const { come, go } = visitors(seats);
  for (const name of ["a1", "a2"]) come(name);
  await go("a1", "a1", "a1");
  t.equal(seats.taken, 1);
});

t.test("users are served in turn, however many requests each has waiting", async (t) => {
  const { come, go, served } = visitors(seatsWith({ seats: 1, seatsEach: 1 }));
  for (const name of ["a1", "a2", "a3", "a4", "b1", "c1", "b2"]) come(name);
  for (const name of ["a1", "a2", "b1", "c1", "a3", "b2"]) await go(name);
  t.same(served, ["a1", "a2", "b1", "c1", "a3", "b2", "a4"]);
});

t.test("one user never holds all the seats", async (t) => {
  const { come, go, served } = visitors(seatsWith({ seats: 3, seatsEach: 2 }));
  for (const name of ["a1", "a2", "a3", "b1"]) come(name);
  await go();
  t.same(served, ["a1", "a2", "b1"], "b is served although a waits");
});

t.test("what is large waits until there is room, and is not overtaken for ever", async (t) => {
  const { come, go, served } = visitors(seatsWith({ seats: 3, seatsEach: 3 }));
  come("a1", 2);
  come("b1", 3);
  come("c1", 1);
  t.same(served, ["a1"]);
  await go("a1");
  t.same(served, ["a1", "b1"]);
  await go("b1");
  t.same(served, ["a1", "b1", "c1"]);
});

t.test("what is larger than one user may hold takes all that it may", async (t) => {
  const seats = seatsWith({ seats: 4, seatsEach: 3 });
  visitors(seats).come("a1", 100);
  t.equal(seats.taken, 3);
});

t.test("when too many wait, newcomers are refused, each with another time to come back", async (t) => {
  const seats = seatsWith({ seats: 1, seatsEach: 1, queued: 1 });
  const { come } = visitors(seats);
  come("a1");
  come("a2");
  const seconds = ["a3", "a4", "a5", "a6"].map((name) => {
    try {
      come(name);
      return "there was no room left";
    } catch (error) {
      return hasReason(error, "TooManyRequests") && error.retryAfterSeconds;
    }
  });
  t.same(seconds, [1, 2, 3, 1]);
  t.match(seats, { taken: 1, queued: 1, refused: 4 });
});

t.test("when too many wait, a flood gives way to another user's first request", async (t) => {
  const { come, go, served, refused } = visitors(seatsWith({ seats: 1, seatsEach: 1, queued: 3 }));
  for (const name of ["a1", "a2", "a3", "a4", "b1"]) come(name);
  await go("a1", "a2", "b1");
  t.same(refused, ["a4 true"]);
  t.same(served, ["a1", "a2", "b1", "a3"]);
});

t.test("who would wait too long is refused at once, until it goes faster", async (t) => {
  const seats = seatsWith({ seats: 1, seatsEach: 1, queued: 1000, waitMs: 5000 });
  const { come, go } = visitors(seats);
  const names = Array.from({ length: 200 }, (_, n) => `a${n}`);
  const serve = async (some: readonly string[], everyMs: number): Promise<void> => {
    for (const name of some) {
      await clock.advance(everyMs);
      await go(name);
    }
  };
  for (const name of names.slice(0, 100)) come(name);
  await serve(names.slice(0, 40), 100);
  t.equal(seats.queued, 59);
  t.throws(() => come("a"), /too many/, "59 turns of about 100 ms are too many");
  await serve(names.slice(40, 60), 1);
  t.doesNotThrow(() => come("a"));
  await serve([...names.slice(60, 90)], 100);
  await go(...names, "a");
  t.match(seats, { taken: 0, queued: 0 });
  for (const name of names) come(name);
  t.equal(seats.queued, 199, "what was slow once is not held against those who come later");
});

t.test("nobody waits longer than is allowed, and whoever gives up is not waited for", async (t) => {
  const seats = seatsWith({ seats: 1, seatsEach: 1 });
  const { come, go, served, refused } = visitors(seats);
  for (const name of ["a1", "a2", "b1"]) come(name);
  await go("a2");
  t.same(refused, ["a2 true"]);
  await clock.advance(1000);
  t.same(refused, ["a2 true", "b1 true"]);
  await go("a1");
  t.same(served, ["a1"]);
  t.match(seats, { taken: 0, queued: 0, refused: 1 });
});
