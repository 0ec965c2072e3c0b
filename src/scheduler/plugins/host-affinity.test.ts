import t from "tap";
import type { HostTerm } from "../../schema/placement.ts";
import { hostState, request } from "../../testing/host-state.ts";
import { pointsOf, refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { hostAffinityFilter, hostAffinityScore } from "./host-affinity.ts";

const snapshot = snapshotOf([
  hostState({ labels: { zone: "a", generation: "4" } }),
  hostState({ name: "h2", labels: { zone: "b", generation: "2" } }),
  hostState({ name: "h3" }),
]);
const inZoneA: HostTerm = { matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] };
const old: HostTerm = { matchExpressions: [{ key: "generation", operator: "Lt", values: ["3"] }] };

t.test("a host must be what one of the terms asks for", async (t) => {
  const required = (hostSelectorTerms: HostTerm[]) =>
    request(1, {
      rules: {
        affinity: { hostAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { hostSelectorTerms } } },
      },
    });
  t.strictSame(Object.keys(refusals(hostAffinityFilter, required([inZoneA]), snapshot)), ["h2", "h3"]);
  t.strictSame(refusals(hostAffinityFilter, required([inZoneA, old]), snapshot), {
    h3: "not what hostAffinity asks for",
  });
  t.equal(hostAffinityFilter.prepare(request(1), snapshot), undefined);
});

t.test("the weights of the wishes that hold are added up", async (t) => {
  const machine = request(1, {
    rules: {
      affinity: {
        hostAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 30, preference: inZoneA },
            { weight: 10, preference: old },
            { weight: 10, preference: { matchExpressions: [{ key: "zone", operator: "Exists" }] } },
          ],
        },
      },
    },
  });
  t.strictSame(pointsOf(hostAffinityScore, machine, snapshot), { h1: 100, h2: 50, h3: 0 });
  t.equal(
    hostAffinityScore.prepare(request(1), snapshot, {
      resourceWeights: { cpus: 1, memory: 1, disk: 1 },
      shape: [],
    }),
    undefined,
  );
});
