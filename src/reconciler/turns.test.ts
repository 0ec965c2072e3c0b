import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { Turns } from "./turns.ts";

/** A clock that counts how often others were let have their turn. */
function fixture() {
  const clock = new ManualClock();
  let yields = 0;
  const counting = {
    monotonic: () => clock.monotonic(),
    yield: () => {
      yields += 1;
      return clock.yield();
    },
  };
  const turns = new Turns(counting, 10);
  const work = async (ms: number): Promise<number> => {
    turns.begin();
    await clock.advance(ms);
    const before = yields;
    await turns.share();
    return yields - before;
  };
  return { clock, turns, work };
}

t.test("a row of work lets others have their turn when it has lasted so long", async (t) => {
  const { work } = fixture();
  const shared = [];
  for (let piece = 0; piece < 6; piece++) shared.push(await work(4));
  t.same(shared, [0, 0, 1, 0, 0, 1]);
});

t.test("work that comes after a rest goes on at once", async (t) => {
  const { clock, turns, work } = fixture();
  await work(4);
  turns.rest();
  turns.rest();
  await clock.advance(60_000);
  t.equal(await work(4), 0);
  t.equal(await work(4), 0);
  t.equal(await work(4), 1);
});

t.test("it was no rest if more came before others had a turn", async (t) => {
  const clock = new ManualClock();
  const others = Promise.withResolvers<void>();
  let asked = 0;
  const turns = new Turns(
    {
      monotonic: () => clock.monotonic(),
      yield: () => {
        asked += 1;
        return others.promise;
      },
    },
    10,
  );
  await clock.advance(60_000);
  turns.rest();
  turns.begin();
  const sharing = turns.share();
  t.equal(asked, 2, "once for the rest, once to share");
  others.resolve();
  await sharing;
});
