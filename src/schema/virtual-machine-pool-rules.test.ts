import t from "tap";
import { hasReason } from "../runtime/errors.ts";
import { poolManifest } from "../testing/pool-fixture.ts";
import { admit } from "./admission.ts";
import { VirtualMachinePoolKind } from "./virtual-machine-pool.ts";
import { checkVirtualMachinePool, checkVirtualMachinePoolUpdate } from "./virtual-machine-pool-rules.ts";

const size = { cpus: 1, memory: "512Mi" };
const labels = { app: "web" };

function withSpec(spec: Record<string, unknown>) {
  return { template: { metadata: { labels }, spec: { ...size, ...spec } } };
}

/** What is wrong with a pool of this spec, by field. */
function fieldsOf(spec: Record<string, unknown>): readonly string[] {
  try {
    return checkVirtualMachinePool(admit(VirtualMachinePoolKind, poolManifest("web", spec))).map(
      ({ field }) => field,
    );
  } catch (error) {
    if (hasReason(error, "Invalid")) return error.causes.map(({ field }) => field);
    throw error;
  }
}

const cases: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
  ["a pool that is whole", {}, []],
  ["no members", { replicas: 0 }, []],
  ["members less than none", { replicas: -1 }, ["spec.replicas"]],
  ["no selector", { selector: undefined }, ["spec.selector"]],
  ["a selector that chooses everything", { selector: {} }, ["spec.selector"]],
  ["a selector of nothing but empty lists", { selector: { matchExpressions: [] } }, ["spec.selector"]],
  [
    "a selector that is malformed",
    { selector: { matchExpressions: [{ key: "app", operator: "In" }] } },
    ["spec.selector.matchExpressions[0].values"],
  ],
  [
    "a template without the labels that the selector asks for",
    { template: { spec: size } },
    ["spec.template.metadata.labels"],
  ],
  ["a selector of expressions", { selector: { matchExpressions: [{ key: "app", operator: "Exists" }] } }, []],
  [
    "a machine without a size",
    { template: { metadata: { labels }, spec: {} } },
    ["cpus", "memory"].map(inSpec),
  ],
  ["a disk of nothing", withSpec({ disks: [{ name: "a" }] }), [inSpec("disks[0]")]],
  ["a field that a machine has not", withSpec({ cpu: 1 }), [inSpec("cpu")]],
  ["members that run once", withSpec({ runStrategy: "Once" }), [inSpec("runStrategy")]],
  ["members that end by themselves", withSpec({ runStrategy: "RerunOnFailure" }), [inSpec("runStrategy")]],
  ["members that are off", withSpec({ runStrategy: "Halted" }), []],
  ["one domain name for all", withSpec({ domainName: "web" }), [inSpec("domainName")]],
  ["one volume for all", withSpec({ disks: [{ name: "a", volume: "v" }] }), [inSpec("disks[0].volume")]],
  [
    "one address for all",
    withSpec({ networks: [{ name: "a", network: "default", macAddress: "52:54:00:12:34:56" }] }),
    [inSpec("networks[0].macAddress")],
  ],
];

function inSpec(field: string): string {
  return `spec.template.spec.${field}`;
}

for (const [what, spec, fields] of cases) {
  t.test(what, async (t) => t.strictSame(fieldsOf(spec), fields));
}

t.test("one member is wanted unless told", async (t) => {
  const { spec } = admit(VirtualMachinePoolKind, poolManifest("web", { replicas: undefined }));
  t.equal(spec.replicas, 1);
  t.equal(spec.template.spec.runStrategy, "Always");
});

t.test("what the members are never changes, all else may", async (t) => {
  const before = admit(VirtualMachinePoolKind, poolManifest("web"));
  const other = admit(VirtualMachinePoolKind, poolManifest("web", withSpec({ cpus: 2 })));
  t.strictSame(checkVirtualMachinePoolUpdate(before, other), []);
  const selector = { matchLabels: { app: "web", tier: "front" } };
  const moved = { ...before, spec: { ...before.spec, selector } };
  t.strictSame(
    checkVirtualMachinePoolUpdate(before, moved).map(({ field }) => field),
    ["spec.selector"],
  );
});
