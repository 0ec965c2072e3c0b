import fc from "fast-check";
import t from "tap";
import { deepEqual } from "../../../runtime/equal.ts";
import { VirtualMachineKind } from "../../../schema/virtual-machine.ts";
import {
  applied,
  bare,
  conflictsOf,
  entriesOf,
  type Machine,
  ownersOf,
  play,
  toMachine,
} from "../../../testing/apply-steps.ts";
import { compareFields } from "./compare.ts";
import type { Configuration } from "./configuration.ts";
import { objectTypeOf } from "./field-type.ts";
import { encodeManagedFields } from "./managed-entries.ts";
import { withEntries } from "./track.ts";

const anyLabels = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y"));
const anyDisk = fc.record(
  { name: fc.constantFrom("a", "b", "c"), size: fc.constantFrom("1Gi", "2Gi") },
  { requiredKeys: ["name"] },
);
const specParts = {
  cpus: fc.integer({ min: 1, max: 3 }),
  kernelBoot: fc.record(
    { kernel: fc.constantFrom("k", "l"), initrd: fc.constant("i") },
    { requiredKeys: [] },
  ),
  disks: fc.uniqueArray(anyDisk, { minLength: 1, selector: ({ name }) => name }),
  tolerations: fc.array(fc.record({ key: fc.constantFrom("a", "b") })),
};

/** One that speaks of something: as in Kubernetes, who only has an empty list owns nothing. */
const anyConfig = fc.record(
  { metadata: fc.record({ labels: anyLabels }), spec: fc.record(specParts, { requiredKeys: ["cpus"] }) },
  { requiredKeys: ["spec"] },
);
const anyPart = fc.record(
  {
    metadata: fc.record({ labels: anyLabels }, { requiredKeys: [] }),
    spec: fc.record(specParts, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

function apply(live: Machine, by: string, config: Configuration): Machine {
  const result = applied(live, { by, config });
  return withEntries(toMachine(result.object), result.entries);
}

t.test("applying again changes nothing, whatever others did before", async () => {
  const steps = fc.array(
    fc.record({ by: fc.constantFrom("one", "two", "three"), apply: anyPart, force: fc.boolean() }),
  );
  fc.assert(
    fc.property(steps, anyConfig, (before, config) => {
      const once = apply(play(before), "one", config);
      return deepEqual(apply(once, "one", config), once);
    }),
  );
});

t.test("two who speak of different fields may come in any order", async () => {
  const left = anyConfig.map(({ spec }) => ({ spec }));
  const right = fc.record({ metadata: fc.record({ labels: anyLabels }) });
  fc.assert(
    fc.property(left, right, (one, two) => {
      const forth = apply(apply(bare, "one", one), "two", two);
      const back = apply(apply(bare, "two", two), "one", one);
      return deepEqual(forth, back) && deepEqual(ownersOf(forth), ownersOf(back));
    }),
  );
});

t.test("an applier that leaves, leaves what was there without it, but for order", async () => {
  fc.assert(
    fc.property(anyConfig, anyPart, (one, two) => {
      const alone = apply(bare, "one", one);
      const shared = applied(alone, { by: "two", config: two });
      fc.pre(conflictsOf(shared).length === 0);
      const left = apply(withEntries(toMachine(shared.object), shared.entries), "two", {});
      const { changed, removed } = compareFields(objectTypeOf(VirtualMachineKind), alone, left);
      const same = changed === undefined && removed === undefined;
      return same && deepEqual(ownersOf(left), ownersOf(alone));
    }),
  );
});

t.test("what is stored of owners reads back as it was", async () => {
  fc.assert(
    fc.property(anyConfig, anyConfig, (one, two) => {
      const machine = apply(apply(bare, "one", one), "two", two);
      const entries = entriesOf(machine);
      return deepEqual(encodeManagedFields(entries) ?? [], machine.metadata.managedFields ?? []);
    }),
  );
});
