import t from "tap";
import { deletionCostAnnotation } from "../../schema/virtual-machine-pool.ts";
import { condition, member, running } from "../../testing/pool-fixture.ts";
import { inDeletionOrder } from "./deletion-order.ts";

const late = "2026-01-01T02:00:00Z";
const early = "2026-01-01T01:00:00Z";
const cost = (text: string) => ({ annotations: { [deletionCostAnnotation]: text } });
const failures = (consecutiveFailCount: number) => ({
  startFailure: { consecutiveFailCount, lastFailureTime: early, retryAfterTime: early, message: "" },
});
const unready = { ...running(), conditions: [condition("Ready", "False")] };
const born = (creationTimestamp: string) => ({ creationTimestamp });

/** Each case: who goes first, who stays, and one whole rule that is weaker and says the opposite. */
const cases: readonly (readonly [string, ReturnType<typeof member>[]])[] = [
  [
    "without a host before with one",
    [member("z", { printableStatus: "ErrorUnschedulable" }, cost("9")), member("a", running(), cost("1"))],
  ],
  [
    "not started yet before unknown before running",
    [
      member("z", { ...unready, printableStatus: "Starting" }, cost("9")),
      member("y", { ...unready, printableStatus: "Unknown" }, cost("8")),
      member("a", running(), cost("1")),
    ],
  ],
  ["not ready before ready", [member("z", unready, cost("9")), member("a", running(), cost("1"))]],
  [
    "cheap before dear, whoever shares a host",
    [
      member("z", running("h2"), cost("-10")),
      member("y", running("h1")),
      member("b", running("h1"), cost("5")),
      member("a", running("h1"), cost("5")),
    ].toSorted((x, y) => rankForTest(x) - rankForTest(y)),
  ],
  [
    "on the fuller host before alone, however long it has been ready",
    [member("x", running("h1", early)), member("y", running("h1", early)), member("a", running("h2", late))],
  ],
  [
    "ready for a short time before ready for long, however old",
    [member("z", running("h1", late), born(early)), member("a", running("h1", early), born(late))],
  ],
  [
    "failed to start often before seldom, however old",
    [
      member("z", { ...unready, ...failures(5) }, born(early)),
      member("a", { ...unready, ...failures(1) }, born(late)),
    ],
  ],
  ["young before old", [member("z", unready, born(late)), member("a", unready, born(early))]],
  ["by name when all else is equal", [member("a", unready, born(late)), member("z", unready, born(late))]],
];

/** By cost alone, equal ones by name. */
function rankForTest({ metadata }: ReturnType<typeof member>): number {
  return Number(metadata.annotations?.[deletionCostAnnotation] ?? 0) + metadata.name.charCodeAt(0) / 1000;
}

for (const [rule, expected] of cases) {
  t.test(rule, async (t) => {
    const names = expected.map(({ metadata }) => metadata.name);
    for (const given of [expected, expected.toReversed()]) {
      t.strictSame(
        inDeletionOrder(given).map(({ metadata }) => metadata.name),
        names,
      );
    }
  });
}

t.test("a cost that is no whole number counts as none", async (t) => {
  const order = inDeletionOrder([
    member("a", running("h1"), cost("1.5")),
    member("b", running("h1"), cost("-1")),
    member("c", running("h1"), cost("much")),
    member("d", running("h1"), cost("1")),
  ]);
  t.strictSame(
    order.map(({ metadata }) => metadata.name),
    ["b", "a", "c", "d"],
  );
});
