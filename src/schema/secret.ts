import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import { encodeBase64 } from "./base64.ts";
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
} from "./data-keys.ts";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { checkSecretType } from "./secret-types.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const entries = { ...closed, maxProperties: maxDataEntries };

/** `writeOnly` on a value: no message may show it. */
const hidden = { writeOnly: true } as const;

export const SecretSchema = Type.Object(
  {
    apiVersion: Type.Literal("v1"),
    kind: Type.Literal("Secret"),
    metadata: ObjectMetaSchema,
    type: Type.String({
      default: "Opaque",
      maxLength: 253,
      description: "What it is for, such as Opaque or kubernetes.io/tls. Never changes.",
    }),
    data: Type.Optional(
      Type.Record(DataKeySchema, Type.String({ ...hidden, maxLength: maxBase64Characters }), {
        ...entries,
        description: "The secrets by name, in base64.",
      }),
    ),
    stringData: Type.Optional(
      Type.Record(DataKeySchema, Type.String({ ...hidden, maxLength: maxDataBytes }), {
        ...entries,
        description: "Texts to be put into `data`, over what is there. Only written, never read.",
      }),
    ),
    immutable: Type.Optional(
      Type.Boolean({ description: "Once true, neither the data nor this can be changed." }),
    ),
  },
  { ...closed, description: "What only some may read, by name: passwords, keys, certificates." },
);

export interface Secret extends Readonly<Static<typeof SecretSchema>> {}

export const SecretKind: Kind<Secret> = {
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  singular: "secret",
  shortNames: [],
  namespaced: true,
  schema: SecretSchema,
  hasStatus: false,
  finalizers: [],
  columns: [
    { name: "Type", path: "type", type: "string" },
    {
      name: "Data",
      path: "data",
      type: "integer",
      description: "How many entries it has.",
      show: (_data, { data = {} }) => Object.keys(data).length,
    },
  ],
  selectableFields: ["type"],
  check,
  canonicalize,
  checkUpdate,
};

function check(secret: Secret): readonly StatusCause[] {
  const { data, stringData } = secret;
  const form = [
    ...checkDataKeys("data", data),
    ...checkDataKeys("stringData", stringData),
    ...checkBase64("data", data),
  ];
  if (form.length > 0) return form;
  const whole = canonicalize(secret);
  const bytes = Object.values(whole.data ?? {}).reduce((sum, value) => sum + base64Bytes(value), 0);
  return [...checkDataSize("data", bytes), ...checkSecretType(whole)];
}

/** What was written as text stands in `data`, as everything does. */
function canonicalize(secret: Secret): Secret {
  const { stringData, ...kept } = secret;
  if (stringData === undefined) return secret;
  const written = Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)]);
  return { ...kept, data: { ...kept.data, ...Object.fromEntries(written) } };
}

function checkUpdate(before: Secret, after: Secret): readonly StatusCause[] {
  const type = before.type === after.type ? [] : [{ field: "type", message: "field is immutable" }];
  return [...type, ...checkImmutable(before, after, ["data"])];
}
