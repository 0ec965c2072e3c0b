import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { formatQuantity, parseQuantity } from "./quantity.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

const AmountsSchema = Type.Record(
  Type.String({ pattern: "^[a-z][a-z0-9./-]{0,126}$" }),
  Type.Union([Type.String({ maxLength: 24 }), Type.Integer({ minimum: 0 })]),
  { maxProperties: 64, additionalProperties: false },
);

export const ResourceQuotaSchema = Type.Object(
  {
    apiVersion: Type.Literal("v1"),
    kind: Type.Literal("ResourceQuota"),
    metadata: ObjectMetaSchema,
    spec: Type.Optional(
      Type.Object(
        {
          hard: Type.Optional({
            ...AmountsSchema,
            description: "At most so much: requests.cpu, requests.memory, requests.storage, count/KIND.",
          }),
        },
        closed,
      ),
    ),
    status: Type.Optional(
      Type.Object({ hard: Type.Optional(AmountsSchema), used: Type.Optional(AmountsSchema) }, closed),
    ),
  },
  { ...closed, description: "How much a namespace may hold; what would be more is refused." },
);

export interface ResourceQuota extends Readonly<Static<typeof ResourceQuotaSchema>> {}

/** What is summed up: CPUs, bytes of memory, and bytes of disks and volumes. Some have a second name. */
export const summed: ReadonlyMap<string, "cpus" | "memoryBytes" | "storageBytes"> = new Map([
  ["cpu", "cpus"],
  ["requests.cpu", "cpus"],
  ["memory", "memoryBytes"],
  ["requests.memory", "memoryBytes"],
  ["requests.storage", "storageBytes"],
]);

/** Kubernetes' short names of counts. */
const shortCounts: ReadonlySet<string> = new Set(["configmaps", "resourcequotas", "secrets"]);
const countPattern = /^count\/[a-z0-9]+(\.[a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/;

export const ResourceQuotaKind: Kind<ResourceQuota> = {
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  singular: "resourcequota",
  shortNames: ["quota"],
  namespaced: true,
  schema: ResourceQuotaSchema,
  hasStatus: true,
  finalizers: [],
  columns: [{ name: "Used", path: "status.used", type: "string", show: (_used, quota) => describe(quota) }],
  check: ({ spec }) =>
    Object.entries(spec?.hard ?? {}).flatMap(([name, amount]) => checkAmount(name, amount)),
  canonicalize,
};

/** The number that an amount means: CPUs, bytes or objects; undefined when it means none. */
export function parseAmount(amount: string | number): number | undefined {
  if (typeof amount === "number") return amount;
  const thousandths = /^([0-9]{1,12})m$/.exec(amount)?.[1];
  return thousandths === undefined ? parseQuantity(amount) : Number(thousandths) / 1000;
}

/** A number as people write an amount of this name. */
export function formatAmount(name: string, amount: number): string {
  const what = summed.get(name);
  return what === undefined || what === "cpus" ? String(amount) : formatQuantity(amount);
}

/** The name under which objects are counted, for a name that a quota may use; undefined for sums. */
export function countName(name: string): string | undefined {
  if (summed.has(name)) return undefined;
  return shortCounts.has(name) ? `count/${name}` : name;
}

function checkAmount(name: string, amount: string | number): readonly StatusCause[] {
  const field = `spec.hard["${name}"]`;
  if (!summed.has(name) && !shortCounts.has(name) && !countPattern.test(name)) {
    const known = [...summed.keys(), "count/PLURAL.GROUP"].join(", ");
    return [
      { field, message: `nothing is known of that name; known: ${known}`, reason: "FieldValueNotSupported" },
    ];
  }
  const number = parseAmount(amount);
  if (number === undefined) return [{ field, message: "must be a quantity such as 4, 500m or 10Gi" }];
  const whole = summed.get(name) === "cpus" || Number.isInteger(number);
  return whole ? [] : [{ field, message: "must be a whole number" }];
}

/** Amounts are strings, as Kubernetes answers them. */
function canonicalize(quota: ResourceQuota): ResourceQuota {
  const { hard } = quota.spec ?? {};
  if (hard === undefined) return quota;
  const texts = Object.entries(hard).map(([name, amount]) => [name, String(amount)] as const);
  return { ...quota, spec: { ...quota.spec, hard: Object.fromEntries(texts) } };
}

function describe({ spec, status }: ResourceQuota): string {
  const names = Object.keys(spec?.hard ?? {}).sort();
  return names.map((name) => `${name}: ${status?.used?.[name] ?? "?"}/${spec?.hard?.[name]}`).join(", ");
}
