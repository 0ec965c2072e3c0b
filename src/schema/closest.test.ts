import t from "tap";
import { closest } from "./closest.ts";

const fields = ["cpus", "memory", "disks", "networks", "runStrategy", "instanceType"];

const guesses: readonly [string, string | undefined][] = [
  ["memery", "memory"],
  ["cpu", "cpus"],
  ["disk", "disks"],
  ["RUNSTRATEGY", "runStrategy"],
  ["instance_type", "instanceType"],
  ["network", "networks"],
  ["replicas", undefined],
  ["x", undefined],
  ["", undefined],
  ["m".repeat(100_000), undefined],
];

t.test("a slip of the finger is recognised, another word is not", async (t) => {
  for (const [word, expected] of guesses) t.equal(closest(word, fields), expected, word.slice(0, 20));
});
