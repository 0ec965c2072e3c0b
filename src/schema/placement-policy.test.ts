import t from "tap";
import { hasReason } from "../runtime/errors.ts";
import { admit } from "./admission.ts";
import { PlacementPolicyKind } from "./placement-policy.ts";

function problems(spec: unknown): readonly string[] {
  const resource = { apiVersion: "ostler.dev/v1", kind: "PlacementPolicy", metadata: { name: "p" }, spec };
  try {
    admit(PlacementPolicyKind, resource);
    return [];
  } catch (error) {
    if (!hasReason(error, "Invalid")) throw error;
    return error.causes.map(({ field, message }) => `${field}: ${message}`);
  }
}

const shape = [
  { utilization: 0, score: 0 },
  { utilization: 100, score: 10 },
];

t.test("the named policies need nothing else", async (t) => {
  for (const type of ["RoundRobin", "BinPacking", "Spread", "LeastLoadedFifo"]) {
    t.strictSame(problems({ type }), []);
  }
  t.strictSame(problems({ type: "BinPacking", resources: { cpus: 1, memory: 3 } }), []);
});

t.test("weights are for custom policies, which need some", async (t) => {
  t.strictSame(problems({ type: "Custom", weights: { LeastAllocated: 1, HostFailures: -0.5 } }), []);
  t.match(problems({ type: "Spread", weights: { LeastAllocated: 1 } }), [/^spec.weights: only with type/]);
  t.match(problems({ type: "Custom" }), [/^spec.weights: required .* LeastAllocated, MostAllocated/]);
  t.match(problems({ type: "Custom", weights: {} }), [/^spec.weights: required/]);
});

t.test("an unknown plugin is refused with what there is", async (t) => {
  t.match(problems({ type: "Custom", weights: { LeastAlocated: 1 } }), [/did you mean "LeastAllocated"/]);
  t.match(problems({ type: "Custom", weights: { Luck: 1 } }), [/known: LeastAllocated, MostAllocated, /]);
});

t.test("what nothing would look at is refused", async (t) => {
  t.match(problems({ type: "RoundRobin", resources: { cpus: 1 } }), [/does not look at it/]);
  t.match(problems({ type: "Custom", weights: { RoundRobin: 1 }, resources: { cpus: 1 } }), [/nothing else/]);
  t.match(problems({ type: "Spread", resources: { cpus: 0 } }), [/more than 0/]);
  t.match(problems({ type: "Spread", shape }), [/^spec.shape: only with/]);
});

t.test("a shape rises in utilization", async (t) => {
  const weights = { RequestedToCapacityRatio: 1 };
  t.strictSame(problems({ type: "Custom", weights, shape }), []);
  t.match(problems({ type: "Custom", weights }), [/^spec.shape: required/]);
  const [first, last] = shape;
  t.match(problems({ type: "Custom", weights, shape: [last, first] }), [
    /^spec.shape\[1\].utilization: must be more than 100/,
  ]);
});
