import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import {
  base64Bytes,
  checkBase64,
  checkDataKeys,
  checkDataSize,
  checkImmutable,
  DataKeySchema,
  maxBase64Characters,
  maxDataBytes,
  maxDataEntries,
  utf8Bytes,
} from "./data-keys.ts";
import { formatField } from "./field-path.ts";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const entries = { ...closed, maxProperties: maxDataEntries };

export const ConfigMapSchema = Type.Object(
  {
    apiVersion: Type.Literal("v1"),
    kind: Type.Literal("ConfigMap"),
    metadata: ObjectMetaSchema,
    data: Type.Optional(
      Type.Record(DataKeySchema, Type.String({ maxLength: maxDataBytes }), {
        ...entries,
        description: "Texts by name.",
      }),
    ),
    binaryData: Type.Optional(
      Type.Record(DataKeySchema, Type.String({ maxLength: maxBase64Characters }), {
        ...entries,
        description: "Bytes by name, in base64; no name that is in `data` too.",
      }),
    ),
    immutable: Type.Optional(
      Type.Boolean({ description: "Once true, neither the data nor this can be changed." }),
    ),
  },
  { ...closed, description: "Settings, not secret, for whoever reads them by name." },
);

export interface ConfigMap extends Readonly<Static<typeof ConfigMapSchema>> {}

export const ConfigMapKind: Kind<ConfigMap> = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  singular: "configmap",
  shortNames: ["cm"],
  namespaced: true,
  schema: ConfigMapSchema,
  hasStatus: false,
  finalizers: [],
  columns: [
    {
      name: "Data",
      path: "data",
      type: "integer",
      description: "How many entries it has.",
      show: (_data, { data = {}, binaryData = {} }) =>
        Object.keys(data).length + Object.keys(binaryData).length,
    },
  ],
  check,
  checkUpdate,
};

function check({ data = {}, binaryData = {} }: ConfigMap): readonly StatusCause[] {
  const twice = Object.keys(binaryData).filter((key) => Object.hasOwn(data, key));
  const bytes = [...Object.values(data).map(utf8Bytes), ...Object.values(binaryData).map(base64Bytes)].reduce(
    (sum, size) => sum + size,
    0,
  );
  return [
    ...checkDataKeys("data", data),
    ...checkDataKeys("binaryData", binaryData),
    ...checkBase64("binaryData", binaryData),
    ...twice.map((key) => ({ field: formatField(["binaryData", key]), message: "is in data too" })),
    ...checkDataSize("data", bytes),
  ];
}

function checkUpdate(before: ConfigMap, after: ConfigMap): readonly StatusCause[] {
  return checkImmutable(before, after, ["data", "binaryData"]);
}
