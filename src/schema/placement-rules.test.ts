import t from "tap";
import type { PlacementSpec } from "./placement.ts";
import { checkPlacement } from "./placement-rules.ts";

const bad = { matchExpressions: [{ key: "a", operator: "In" as const }] };
const labelSelector = { matchLabels: { app: "web" } };
const zone = { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" as const, labelSelector };
const hosts = "spec.affinity.hostAffinity";
const near = "spec.affinity.machineAffinity";
const apart = "spec.affinity.machineAntiAffinity";
const must = "requiredDuringSchedulingIgnoredDuringExecution";
const rather = "preferredDuringSchedulingIgnoredDuringExecution";
const badTerm = { labelSelector: bad, topologyKey: "zone" };

const rules: readonly [PlacementSpec, string[]][] = [
  [{}, []],
  [
    { affinity: { hostAffinity: { [must]: { hostSelectorTerms: [bad] } } } },
    [`${hosts}.${must}.hostSelectorTerms[0].matchExpressions[0].values`],
  ],
  [
    { affinity: { hostAffinity: { [rather]: [{ weight: 1, preference: bad }] } } },
    [`${hosts}.${rather}[0].preference.matchExpressions[0].values`],
  ],
  [
    { affinity: { machineAffinity: { [must]: [badTerm] } } },
    [`${near}.${must}[0].labelSelector.matchExpressions[0].values`],
  ],
  [
    { affinity: { machineAntiAffinity: { [rather]: [{ weight: 1, machineAffinityTerm: badTerm }] } } },
    [`${apart}.${rather}[0].machineAffinityTerm.labelSelector.matchExpressions[0].values`],
  ],
  [{ topologySpreadConstraints: [zone, { ...zone, whenUnsatisfiable: "ScheduleAnyway" }] }, []],
  [{ topologySpreadConstraints: [zone, { ...zone, maxSkew: 2 }] }, ["spec.topologySpreadConstraints[1]"]],
  [{ topologySpreadConstraints: [{ ...zone, minDomains: 2 }] }, []],
  [
    { topologySpreadConstraints: [{ ...zone, minDomains: 2, whenUnsatisfiable: "ScheduleAnyway" }] },
    ["spec.topologySpreadConstraints[0].minDomains"],
  ],
  [{ tolerations: [{ operator: "Exists" }, { key: "a", operator: "Equal", value: "b" }] }, []],
  [{ tolerations: [{ operator: "Equal" }] }, ["spec.tolerations[0].key"]],
  [{ tolerations: [{ key: "a", operator: "Exists", value: "b" }] }, ["spec.tolerations[0].value"]],
];

t.test("what a machine says about its place must make sense", async (t) => {
  for (const [spec, fields] of rules) {
    t.strictSame(
      checkPlacement(spec).map(({ field }) => field),
      fields,
    );
  }
});
