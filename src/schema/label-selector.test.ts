import t from "tap";
import {
  checkExpression,
  checkSelector,
  formatSelector,
  isEmptySelector,
  type LabelExpression,
  type LabelSelector,
  type Labels,
  matchesExpression,
  matchesSelector,
} from "./label-selector.ts";

const labels: Labels = { app: "web", tier: "front", size: "10", word: "ten" };

const expressions: readonly [LabelExpression, boolean][] = [
  [{ key: "app", operator: "In", values: ["db", "web"] }, true],
  [{ key: "app", operator: "In", values: ["db"] }, false],
  [{ key: "zone", operator: "In", values: ["a"] }, false],
  [{ key: "app", operator: "NotIn", values: ["db"] }, true],
  [{ key: "app", operator: "NotIn", values: ["web"] }, false],
  [{ key: "zone", operator: "NotIn", values: ["a"] }, true],
  [{ key: "app", operator: "Exists" }, true],
  [{ key: "zone", operator: "Exists" }, false],
  [{ key: "zone", operator: "DoesNotExist" }, true],
  [{ key: "app", operator: "DoesNotExist" }, false],
  [{ key: "toString", operator: "Exists" }, false],
  [{ key: "size", operator: "Gt", values: ["9"] }, true],
  [{ key: "size", operator: "Gt", values: ["10"] }, false],
  [{ key: "size", operator: "Lt", values: ["11"] }, true],
  [{ key: "word", operator: "Lt", values: ["11"] }, false],
  [{ key: "zone", operator: "Lt", values: ["11"] }, false],
];

t.test("an expression holds or not", async (t) => {
  for (const [expression, holds] of expressions) {
    t.equal(matchesExpression(expression, labels), holds, JSON.stringify(expression));
  }
});

const selectors: readonly [LabelSelector, boolean][] = [
  [{}, true],
  [{ matchLabels: {} }, true],
  [{ matchLabels: { app: "web", tier: "front" } }, true],
  [{ matchLabels: { app: "web", tier: "back" } }, false],
  [{ matchLabels: { app: "web" }, matchExpressions: [{ key: "zone", operator: "Exists" }] }, false],
  [{ matchExpressions: [{ key: "zone", operator: "DoesNotExist" }] }, true],
];

t.test("a selector holds when all of it does; an empty one always", async (t) => {
  for (const [selector, holds] of selectors) {
    t.equal(matchesSelector(selector, labels), holds, JSON.stringify(selector));
  }
});

const wrong: readonly [LabelExpression, boolean][] = [
  [{ key: "a", operator: "In" }, true],
  [{ key: "a", operator: "NotIn", values: [] }, true],
  [{ key: "a", operator: "In", values: ["b"] }, false],
  [{ key: "a", operator: "Exists", values: ["b"] }, true],
  [{ key: "a", operator: "DoesNotExist", values: [] }, false],
  [{ key: "a", operator: "Gt", values: ["1", "2"] }, true],
  [{ key: "a", operator: "Gt", values: ["x"] }, true],
  [{ key: "a", operator: "Lt", values: ["-3"] }, false],
];

t.test("each operator takes the values it can use", async (t) => {
  for (const [expression, isWrong] of wrong) {
    t.equal(checkExpression(expression, "x").length, isWrong ? 1 : 0, JSON.stringify(expression));
  }
  const selector: LabelSelector = { matchExpressions: [{ key: "a", operator: "In" }] };
  t.match(checkSelector(selector, "spec.x"), [{ field: "spec.x.matchExpressions[0].values" }]);
});

t.test("a selector is written as a query has it", async (t) => {
  const selector = {
    matchLabels: { tier: "front", app: "web" },
    matchExpressions: [
      { key: "zone", operator: "In" as const, values: ["b", "a"] },
      { key: "size", operator: "NotIn" as const, values: ["xl"] },
      { key: "live", operator: "Exists" as const },
      { key: "canary", operator: "DoesNotExist" as const },
    ],
  };
  t.equal(formatSelector(selector), "app=web,tier=front,zone in (a,b),size notin (xl),live,!canary");
  t.equal(formatSelector({}), "");
});

t.test("a selector that asks for nothing is empty", async (t) => {
  t.ok(isEmptySelector({}));
  t.ok(isEmptySelector({ matchLabels: {}, matchExpressions: [] }));
  t.notOk(isEmptySelector({ matchLabels: { app: "web" } }));
  t.notOk(isEmptySelector({ matchExpressions: [{ key: "a", operator: "Exists" }] }));
});
