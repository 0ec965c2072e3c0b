import * as fc from "fast-check";
import t from "tap";
import { Sightings } from "./sightings.ts";

const all = (...entries: readonly (readonly [string, number])[]) => new Map(entries);

t.test("what a look sees is there, and what a look at everything does not see is not", async (t) => {
  const seen = new Sightings<number>((value) => `label-${value % 2}`);
  seen.seeAll(seen.begin(), all(["a", 1], ["b", 2]));
  seen.see(seen.begin(), "c", 3);
  seen.see(seen.begin(), "a", undefined);
  t.same(
    [...seen.values],
    [
      ["b", 2],
      ["c", 3],
    ],
  );
  seen.seeAll(seen.begin(), all(["b", 4]));
  t.same([...seen.values], [["b", 4]]);
});

t.test("a slow look at everything does not bring back what a later look at one thing has seen", async (t) => {
  const seen = new Sightings<number>((value) => `label-${value % 2}`);
  const slow = seen.begin();
  seen.see(seen.begin(), "a", undefined);
  seen.see(seen.begin(), "b", 2);
  seen.seeAll(slow, all(["a", 1]));
  t.same([...seen.values], [["b", 2]]);
});

t.test(
  "a slow look at one thing does not bring back what a later look at everything has not seen",
  async (t) => {
    const seen = new Sightings<number>((value) => `label-${value % 2}`);
    const slow = seen.begin();
    seen.seeAll(seen.begin(), all());
    seen.see(slow, "ghost", 1);
    t.same([...seen.values], []);
  },
);

t.test("of two looks at everything the one that began later counts", async (t) => {
  const seen = new Sightings<number>((value) => `label-${value % 2}`);
  const slow = seen.begin();
  seen.seeAll(seen.begin(), all(["a", 2]));
  seen.seeAll(slow, all(["a", 1], ["b", 1]));
  t.same([...seen.values], [["a", 2]]);
});

t.test("a doubt ends with a look that began after it, and with no other", async (t) => {
  const seen = new Sightings<number>((value) => `label-${value % 2}`);
  const [one, everything] = [seen.begin(), seen.begin()];
  seen.doubt("a");
  seen.see(one, "a", 1);
  t.ok(seen.isDoubted("a"));
  seen.seeAll(everything, all(["a", 1]));
  t.ok(seen.isDoubted("a"));
  t.same(seen.doubted, ["a"]);
  seen.see(seen.begin(), "a", 2);
  t.notOk(seen.isDoubted("a"));
  seen.doubt("b");
  seen.seeAll(seen.begin(), all());
  t.notOk(seen.isDoubted("b"));
});

interface Change {
  readonly type: "change";
  readonly name: string;
  readonly value: number | undefined;
  /** Whether the hint says what the new value is. */
  readonly isTold: boolean;
}

t.test(
  "what was told of a thing is no doubt to who has seen it like that, or is just seeing it",
  async (t) => {
    const seen = new Sightings<number>(String);
    const isTwo = (value: number): boolean => value === 2;
    seen.see(seen.begin(), "a", 1);
    seen.hear("a", isTwo);
    t.ok(seen.isDoubted("a"));
    t.strictSame(seen.doubted, ["a"]);
    seen.see(seen.begin(), "a", 3);
    t.notOk(seen.isDoubted("a"), "a later look knows better");
    const look = seen.begin();
    seen.hear("a", isTwo);
    seen.see(look, "a", 2);
    t.notOk(seen.isDoubted("a"));
    seen.hear("a", isTwo);
    t.notOk(seen.isDoubted("a"));
    seen.doubt("a");
    seen.hear("a", isTwo);
    t.ok(seen.isDoubted("a"), "what is in doubt for another reason stays in doubt");
  },
);

type Event = Change | { readonly type: "begin" } | { readonly type: "end"; readonly pick: number };

const names = ["a", "b", "c"];
const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant("change" as const),
      name: fc.constantFrom(...names),
      value: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
      isTold: fc.boolean(),
    }),
    fc.record({ type: fc.constant("begin" as const) }),
    fc.record({ type: fc.constant("end" as const), pick: fc.nat() }),
  ),
  { maxLength: 60 },
);

t.test("however looks overlap: what is not in doubt is true", async () => {
  await fc.assert(
    fc.property(events, fc.infiniteStream(fc.constantFrom(...names, undefined)), (happened, targets) => {
      const truth = new Map<string, number>();
      const seen = new Sightings<number>((value) => `label-${value % 2}`);
      let looks: (() => void)[] = [];
      const begin = (): void => {
        const look = seen.begin();
        const target = targets.next().value;
        const state = new Map(truth);
        looks.push(() => {
          if (target === undefined) seen.seeAll(look, state);
          else seen.see(look, target, state.get(target));
        });
      };
      for (const event of happened) {
        if (event.type === "begin") begin();
        if (event.type === "end" && looks.length > 0) {
          const [look] = looks.splice(event.pick % looks.length, 1);
          look?.();
        }
        if (event.type !== "change") continue;
        if (event.value === undefined) truth.delete(event.name);
        else truth.set(event.name, event.value);
        if (event.isTold && event.value !== undefined)
          seen.hear(event.name, (value) => value === event.value);
        else seen.doubt(event.name);
      }
      for (const look of looks) look();
      looks = [];
      return names.every((name) => seen.isDoubted(name) || seen.values.get(name) === truth.get(name));
    }),
    { numRuns: 2_000 },
  );
});

t.test("who is told of mentions knows what is there or in doubt, until the end", async (t) => {
  const mentioned = new Set<string>();
  const note = (name: string, isMentioned: boolean) =>
    void (isMentioned ? mentioned.add(name) : mentioned.delete(name));
  const seen = new Sightings<number>(String, note);
  seen.seeAll(seen.begin(), all(["a", 1], ["b", 2]));
  seen.doubt("c");
  seen.hear("d", (value) => value === 1);
  seen.hear("a", (value) => value === 1);
  t.strictSame([...mentioned], ["a", "b", "c", "d"]);
  seen.see(seen.begin(), "c", undefined);
  seen.see(seen.begin(), "a", undefined);
  t.strictSame([...mentioned], ["b", "d"]);
  seen.doubt("b");
  seen.see(0, "b", undefined);
  t.ok(mentioned.has("b"));
  seen.seeAll(seen.begin(), all(["e", 5]));
  t.strictSame([...mentioned], ["e"]);
  seen.doubt("f");
  seen.end();
  t.strictSame([...mentioned], []);
  seen.see(seen.begin(), "late", 1);
  seen.doubt("late");
  t.strictSame([...mentioned], []);
});

t.test("things are found by their label as long as they carry it", async (t) => {
  const seen = new Sightings<{ readonly label: string }>(({ label }) => label);
  const [first, second] = [{ label: "x" }, { label: "x" }];
  seen.seeAll(seen.begin(), new Map([["a", first]]));
  seen.see(seen.begin(), "b", second);
  t.same(seen.labelled("x"), [first, second]);
  seen.see(seen.begin(), "a", { label: "y" });
  t.same(seen.labelled("x"), [second]);
  seen.seeAll(seen.begin(), new Map());
  t.same([...seen.labelled("x"), ...seen.labelled("y")], []);
});
