import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import type { Kind } from "./kind.ts";
import { mapList } from "./list-type.ts";
import { ConditionSchema, namePattern, ObjectMetaSchema } from "./meta.ts";
import { parseQuantity, QuantitySchema } from "./quantity.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const NameSchema = Type.String({ pattern: namePattern });

export const VolumeFormatSchema = Type.Enum(["qcow2", "raw"], {
  default: "qcow2",
  description: "How the host keeps it: qcow2 takes room as it is filled, raw is the bytes themselves.",
});

export const VolumeSpecSchema = Type.Object({ size: QuantitySchema, format: VolumeFormatSchema }, closed);

/** The words `kubectl get` shows. */
export const VolumePhaseSchema = Type.Enum([
  "Pending",
  "Available",
  "Attaching",
  "Attached",
  "Detaching",
  "Moving",
  "Lost",
  "Unknown",
  "Deleting",
]);

/** The one machine that may use it: claimed before the first attach, given up after the detach was seen. */
const AttachedToSchema = Type.Object(
  {
    name: NameSchema,
    uid: Type.String({ maxLength: 36 }),
    disk: Type.String({ maxLength: 63 }),
    /** The claim is about to be given up: written before the last look at whether the machine has it. */
    releasing: Type.Optional(Type.Boolean()),
  },
  { ...closed, description: "The machine that the volume is reserved for or attached to." },
);

/**
 * A move of the data, written down before its first step. `Copying`: the truth is on `source`, and what is
 * on `target` is nothing. `Cleaning`: the truth is on `target`, verified, and what is on `source` is to be
 * removed. `Cancelling`: the truth is on `source`, and what is on `target` is to be removed. Hosts may change
 * names: the UUIDs say which machines are meant.
 */
const MoveSchema = Type.Object(
  {
    source: NameSchema,
    sourceUuid: Type.String({ maxLength: 36 }),
    target: NameSchema,
    targetUuid: Type.String({ maxLength: 36 }),
    phase: Type.Enum(["Copying", "Cleaning", "Cancelling"]),
  },
  closed,
);

export const VolumeStatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ minimum: -1 })),
    phase: Type.Optional(VolumePhaseSchema),
    conditions: Type.Optional(Type.Array(ConditionSchema, { maxItems: 16, ...mapList("type") })),
    /** Where its data is. Written before it is made. */
    hostName: Type.Optional(NameSchema),
    /** The host's own UUID: another machine under the host's name cannot tell whether the data is there. */
    hostUuid: Type.Optional(Type.String({ maxLength: 36 })),
    /** Its name in our pool there. */
    volume: Type.Optional(Type.String({ maxLength: 128 })),
    /** What it holds. Present once it was seen on the host: missing there later, data is lost. */
    capacityBytes: Type.Optional(Type.Integer({ minimum: 0 })),
    attachedTo: Type.Optional(AttachedToSchema),
    move: Type.Optional(MoveSchema),
  },
  closed,
);

export const VolumeSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("Volume"),
    metadata: ObjectMetaSchema,
    spec: VolumeSpecSchema,
    status: Type.Optional(VolumeStatusSchema),
  },
  { ...closed, description: "A disk that outlives machines and is used by one of them at a time." },
);

export type VolumeFormat = Static<typeof VolumeFormatSchema>;
export type VolumePhase = Static<typeof VolumePhaseSchema>;
export type VolumeMove = Static<typeof MoveSchema>;
export interface VolumeStatus extends Readonly<Static<typeof VolumeStatusSchema>> {}
export interface Volume extends Readonly<Static<typeof VolumeSchema>> {}

/** Held until no copy of the data is left on any host. */
export const volumeFinalizer = "ostler.dev/volume";

export const VolumeKind: Kind<Volume> = {
  group: "ostler.dev",
  version: "v1",
  kind: "Volume",
  plural: "volumes",
  singular: "volume",
  shortNames: ["vol", "vols"],
  namespaced: true,
  schema: VolumeSchema,
  hasStatus: true,
  reportsGeneration: true,
  finalizers: [volumeFinalizer],
  columns: [
    { name: "Phase", path: "status.phase", type: "string" },
    { name: "Size", path: "spec.size", type: "string" },
    { name: "Machine", path: "status.attachedTo.name", type: "string" },
    { name: "Host", path: "status.hostName", type: "string" },
    { name: "Format", path: "spec.format", type: "string", wide: true },
    { name: "Disk", path: "status.attachedTo.disk", type: "string", wide: true },
    { name: "Volume", path: "status.volume", type: "string", wide: true },
  ],
  categories: ["all", "ostler"],
  selectableFields: ["spec.format", "status.phase", "status.hostName", "status.attachedTo.name"],
  check: checkVolume,
  checkUpdate: checkVolumeUpdate,
};

/** Its name in the pool of whichever host has it; no disk of a machine and no image has such a name. */
export function volumeFileName(uid: string, format: VolumeFormat): string {
  return `volume-${uid}.${format}`;
}

const stepBytes = 2 ** 20;

/** What a volume of this spec holds: whole MiB, so that every format and hypervisor can give exactly that. */
export function volumeBytes({ size }: Volume["spec"]): number {
  return Math.ceil((parseQuantity(size) ?? 0) / stepBytes) * stepBytes;
}

function checkVolume({ spec }: Volume): readonly StatusCause[] {
  const bytes = volumeBytes(spec);
  if (bytes >= stepBytes && Number.isSafeInteger(bytes)) return [];
  return [{ field: "spec.size", message: `must be more than nothing, is ${spec.size}` }];
}

function checkVolumeUpdate(before: Volume, after: Volume): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  if (volumeBytes(after.spec) < volumeBytes(before.spec)) {
    const message = `a volume cannot shrink: it was ${before.spec.size}, now ${after.spec.size}`;
    causes.push({ field: "spec.size", message });
  }
  if (after.spec.format !== before.spec.format) {
    causes.push({ field: "spec.format", message: "field is immutable: make another volume" });
  }
  return causes;
}
