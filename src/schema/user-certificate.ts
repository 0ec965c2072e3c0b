import type { Static } from "typebox";
import { GroupsSchema, UserNameSchema } from "./access-token.ts";
import type { Kind } from "./kind.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

export const UserCertificateSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("UserCertificate"),
    metadata: Type.Object(
      { ...ObjectMetaSchema.properties, name: Type.String({ maxLength: 253, default: "" }) },
      closed,
    ),
    spec: Type.Object(
      {
        userName: UserNameSchema,
        groups: GroupsSchema,
        publicKey: Type.String({
          maxLength: 4096,
          pattern: "^-----BEGIN PUBLIC KEY-----\\n[A-Za-z0-9+/=\\n]+-----END PUBLIC KEY-----\\n?$",
          description: "PEM of the public half of a key that only the user has.",
        }),
        expirationSeconds: Type.Integer({
          minimum: 600,
          maximum: 31_536_000,
          default: 2_592_000,
          description: "A certificate cannot be taken back: a shorter life is the better one.",
        }),
      },
      closed,
    ),
    status: Type.Optional(
      Type.Object(
        { certificate: Type.Optional(Type.String()), expiresAt: Type.Optional(Type.String()) },
        closed,
      ),
    ),
  },
  {
    ...closed,
    description: "Asks for a client certificate; the answer is in its status, nothing is stored.",
  },
);

export interface UserCertificate extends Readonly<Static<typeof UserCertificateSchema>> {}

export const UserCertificateKind: Kind<UserCertificate> = {
  group: "ostler.dev",
  version: "v1",
  kind: "UserCertificate",
  plural: "usercertificates",
  singular: "usercertificate",
  shortNames: [],
  namespaced: false,
  schema: UserCertificateSchema,
  hasStatus: false,
  askOnly: true,
  finalizers: [],
  columns: [],
};
