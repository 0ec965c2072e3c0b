import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import { isTrue } from "./conditions.ts";
import type { Kind } from "./kind.ts";
import { mapList } from "./list-type.ts";
import { ConditionSchema, ObjectMetaSchema } from "./meta.ts";
import { formatRoughly } from "./quantity.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

const SourceSchema = Type.Object(
  {
    file: Type.Optional(
      Type.String({
        maxLength: 4096,
        pattern: "^/[^\\x00]+$",
        examples: ["/var/lib/ostler/images/debian.qcow2"],
        description: "A file on the controller's machine, below one of its image directories.",
      }),
    ),
    url: Type.Optional(
      Type.String({
        maxLength: 2048,
        pattern: "^https://[^\\s]+$",
        examples: ["https://example.org/debian.qcow2"],
      }),
    ),
  },
  { ...closed, description: "Exactly one of `file` or `url`." },
);

export const ImageSpecSchema = Type.Object(
  {
    source: SourceSchema,
    checksum: Type.Optional(
      Type.String({
        pattern: "^sha256:[0-9a-f]{64}$",
        description: "Required for a url; checked for a file.",
      }),
    ),
    architecture: Type.Optional(
      Type.Enum(["x86_64", "aarch64", "i686", "armv7l", "ppc64le", "riscv64", "s390x"], {
        description: "What it runs on, as libvirt calls it; without one it is placed anywhere.",
      }),
    ),
  },
  closed,
);

/** What content looks like. Only a `disk` may back a disk; `compressed` and `cpio` are what initrds are. */
const ContentsSchema = Type.Enum(["disk", "kernel", "compressed", "cpio"]);

export const ImageStatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ minimum: -1 })),
    conditions: Type.Optional(Type.Array(ConditionSchema, { maxItems: 16, ...mapList("type") })),
    /** Detected from the content, never taken from a name or a claim. */
    format: Type.Optional(Type.Enum(["raw", "qcow2"])),
    contents: Type.Optional(ContentsSchema),
    /** sha256 of the content; the content's name on every host. */
    digest: Type.Optional(Type.String({ pattern: "^sha256:[0-9a-f]{64}$" })),
    sizeBytes: Type.Optional(Type.Integer({ minimum: 0 })),
    virtualSizeBytes: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);

export const ImageSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("Image"),
    metadata: ObjectMetaSchema,
    spec: ImageSpecSchema,
    status: Type.Optional(ImageStatusSchema),
  },
  { ...closed, description: "A disk image, kernel or initrd that machines are made from." },
);

export type ImageContents = Static<typeof ContentsSchema>;
export interface ImageStatus extends Readonly<Static<typeof ImageStatusSchema>> {}
export interface Image extends Readonly<Static<typeof ImageSchema>> {}

export const ImageKind: Kind<Image> = {
  group: "ostler.dev",
  version: "v1",
  kind: "Image",
  plural: "images",
  singular: "image",
  shortNames: [],
  namespaced: false,
  schema: ImageSchema,
  hasStatus: true,
  reportsGeneration: true,
  finalizers: [],
  columns: [
    { name: "Ready", path: "status.conditions[Ready].status", type: "string" },
    { name: "Format", path: "status.format", type: "string" },
    {
      name: "Size",
      path: "status.virtualSizeBytes",
      type: "string",
      show: (bytes) => (typeof bytes === "number" ? formatRoughly(bytes) : undefined),
    },
    {
      name: "Reason",
      path: "status.conditions[Ready].reason",
      type: "string",
      description: "Why it is not ready.",
      show: (reason, { status }) =>
        typeof reason === "string" && !isTrue(status?.conditions, "Ready") ? reason : undefined,
    },
    { name: "Contents", path: "status.contents", type: "string", wide: true },
    { name: "Architecture", path: "spec.architecture", type: "string", wide: true },
    { name: "Digest", path: "status.digest", type: "string", wide: true },
  ],
  categories: ["ostler"],
  selectableFields: ["spec.architecture", "status.format", "status.contents", "status.digest"],
  check: checkImage,
};

/** The name under which every host of a cluster holds this content. `digest` is `sha256:<64 hex digits>`. */
export function imageVolumeName(digest: string, format: "raw" | "qcow2"): string {
  return `image-${digest.replace(/^sha256:/, "").slice(0, 40)}.${format}`;
}

function checkImage({ spec }: Image): readonly StatusCause[] {
  const { file, url } = spec.source;
  if ((file === undefined) === (url === undefined)) {
    return [{ field: "spec.source", message: "give exactly one of file or url" }];
  }
  if (url !== undefined && spec.checksum === undefined) {
    return [{ field: "spec.checksum", message: "required with a url: sha256:<64 hex digits>" }];
  }
  return [];
}
