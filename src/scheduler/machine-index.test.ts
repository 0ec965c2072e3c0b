import * as fc from "fast-check";
import t from "tap";
import type { LabelSelector, Labels } from "../schema/label-selector.ts";
import { chooses, MachineIndex } from "./machine-index.ts";

const namespaces = ["blue", "green"];
const labelsArbitrary: fc.Arbitrary<Labels> = fc.dictionary(
  fc.constantFrom("app", "tier"),
  fc.constantFrom("a", "b"),
);
const selectors: readonly LabelSelector[] = [
  {},
  { matchLabels: { app: "a" } },
  { matchLabels: { app: "b", tier: "a" } },
  { matchExpressions: [{ key: "app", operator: "Exists" }] },
  { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["a"] }] },
];

interface Machine {
  readonly namespace: string;
  readonly labels: Labels;
  readonly row: number;
}

const machine: fc.Arbitrary<Machine> = fc.record({
  namespace: fc.constantFrom(...namespaces),
  labels: labelsArbitrary,
  row: fc.nat(3),
});
const step = fc.oneof(
  fc.record({ type: fc.constant("add" as const), machine }),
  fc.record({ type: fc.constant("remove" as const), which: fc.nat(50) }),
  fc.record({ type: fc.constant("ask" as const), selector: fc.constantFrom(...selectors) }),
);

t.test("a selector always counts the machines that it chooses, whichever came first", async () => {
  await fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const index = new MachineIndex();
      const placed: Machine[] = [];
      for (const taken of steps) {
        if (taken.type === "add") {
          placed.push(taken.machine);
          index.move(index.classOf(taken.machine.namespace, taken.machine.labels), taken.machine.row, 1);
        } else if (taken.type === "remove" && placed.length > 0) {
          const [gone] = placed.splice(taken.which % placed.length, 1);
          if (gone !== undefined) index.move(index.classOf(gone.namespace, gone.labels), gone.row, -1);
        } else if (taken.type === "ask") index.selector(taken.selector, ["blue"]);
      }
      return selectors.every((selector) => {
        const { rows } = index.selector(selector, ["blue"]);
        const counted = Array.from({ length: rows.size }, (_, place) => rows.counts[place] ?? 0);
        const wanted = placed.filter((one) => chooses({ selector, namespaces: ["blue"] }, one));
        return counted.reduce((sum, count) => sum + count, 0) === wanted.length;
      });
    }),
  );
});

t.test("nothing is kept for machines and selectors that are long gone", async (t) => {
  const index = new MachineIndex();
  const held = index.selector({ matchLabels: { app: "held" } }, ["blue"]);
  const repulsion = index.repel(held, "zone", 0);
  for (let round = 0; round < 10_000; round += 1) {
    index.selector({ matchLabels: { app: `app-${round}` } }, ["blue"]);
    index.classOf("blue", { app: `app-${round}` });
  }
  t.equal(index.selector({ matchLabels: { app: "held" } }, ["blue"]), held, "what machines hold to stays");
  const machines = index.classOf("blue", { app: "held" });
  index.move(machines, 3, 1);
  t.equal(held.rows.size, 1);
  index.unrepel(repulsion, 0);
  t.equal(held.repelling.size, 0);
  t.ok(index.size.selectors <= 5_000, `${index.size.selectors} selectors`);
  t.ok(index.size.classes <= 2_000, `${index.size.classes} classes`);
});
