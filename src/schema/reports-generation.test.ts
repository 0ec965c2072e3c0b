import t from "tap";
import { openMemoryLog } from "../store/memory-log.ts";
import { ResourceStore } from "../store/resource-store.ts";
import { kstatusOf } from "../testing/kstatus.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { poolManifest } from "../testing/pool-fixture.ts";
import { SeededRandom } from "../testing/seeded-random.ts";
import { admit } from "./admission.ts";
import type { Resource } from "./meta.ts";
import { isRecord } from "./plain.ts";
import { kindFor, kinds } from "./scheme.ts";

/** Whether the schema of the status has the field that tells what was seen. */
function hasObservedGeneration(schema: unknown): boolean {
  const properties = isRecord(schema) && isRecord(schema.properties) ? schema.properties : {};
  const status = isRecord(properties.status) ? properties.status.properties : undefined;
  return isRecord(status) && "observedGeneration" in status;
}

t.test("exactly the kinds whose controllers tell what they have seen say so", async (t) => {
  const telling = kinds.filter(({ reportsGeneration }) => reportsGeneration).map(({ kind }) => kind);
  const able = kinds.filter(({ schema }) => hasObservedGeneration(schema)).map(({ kind }) => kind);
  t.strictSame(telling, able);
  t.ok(telling.includes("VirtualMachinePool"));
});

const ostler = (kind: string, spec: Record<string, unknown>): Resource & { spec: unknown } => ({
  apiVersion: "ostler.dev/v1",
  kind,
  metadata: { name: "a" },
  spec,
});

const samples: readonly Resource[] = [
  ostler("VirtualMachine", { cpus: 1, memory: "1Gi" }),
  poolManifest("a"),
  ostler("Host", { uri: "test:///default" }),
  ostler("Image", { source: { file: "/images/a" } }),
  ostler("Volume", { size: "1Gi" }),
  ostler("Source", { directory: "/manifests" }),
  ostler("InstanceType", { cpus: 1, memory: "1Gi" }),
  ostler("PlacementPolicy", { type: "Spread" }),
];

t.test("a new object of such a kind is in progress from its first moment, others are settled", async (t) => {
  const clock = new ManualClock();
  const log = openMemoryLog(clock);
  const store = await ResourceStore.open({ log, clock, random: new SeededRandom(1), admit });
  for (const sample of samples) {
    const kind = kindFor(sample.apiVersion, sample.kind);
    const metadata = { ...sample.metadata, ...(kind.namespaced ? { namespace: "default" } : {}) };
    const made = await store.create(kind, { ...sample, metadata });
    const expected = kind.reportsGeneration ? "InProgress" : "Current";
    t.equal(kstatusOf(made), expected, sample.kind);
    const edited = await store.update(kind, { ...made, metadata: { ...made.metadata, labels: { a: "b" } } });
    t.equal(kstatusOf(edited), expected, `${sample.kind}, edited before anybody has looked`);
  }
  store[Symbol.dispose]();
  await log[Symbol.asyncDispose]();
});
