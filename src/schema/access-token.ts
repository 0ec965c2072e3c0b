import type { Static } from "typebox";
import type { StatusCause } from "../runtime/errors.ts";
import type { Kind } from "./kind.ts";
import { atomicList } from "./list-type.ts";
import { ObjectMetaSchema } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;

export const UserNameSchema = Type.String({
  maxLength: 253,
  pattern: "^[^\\x00-\\x1f\\x7f]+$",
  examples: ["ann"],
});

export const GroupsSchema = Type.Array(UserNameSchema, { maxItems: 64, default: [], ...atomicList });

/** How every token begins and how long it is: 256 bits in base64url. */
export const tokenPrefix = "ostler_";
export const tokenBytes = 32;

export const AccessTokenSchema = Type.Object(
  {
    apiVersion: Type.Literal("ostler.dev/v1"),
    kind: Type.Literal("AccessToken"),
    metadata: ObjectMetaSchema,
    spec: Type.Object(
      {
        userName: UserNameSchema,
        groups: GroupsSchema,
        sha256: Type.String({
          pattern: "^[0-9a-f]{64}$",
          examples: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
          description: "The hash of the token, in hexadecimal. The token itself is nowhere.",
        }),
        expiresAt: Type.Optional(
          Type.String({
            pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
            examples: ["2027-01-31T00:00:00Z"],
            description: "From then on it is not taken any more. Absent: it does not expire.",
          }),
        ),
      },
      { ...closed, description: "Never changes: revoke the token by deleting it, and make another." },
    ),
    status: Type.Optional(
      Type.Object(
        {
          lastUsedTime: Type.Optional(
            Type.String({ maxLength: 40, description: "Written at most once an hour." }),
          ),
        },
        closed,
      ),
    ),
  },
  { ...closed, description: "Lets whoever shows a token act as a user; known by its hash alone." },
);

export interface AccessToken extends Readonly<Static<typeof AccessTokenSchema>> {}

export const AccessTokenKind: Kind<AccessToken> = {
  group: "ostler.dev",
  version: "v1",
  kind: "AccessToken",
  plural: "accesstokens",
  singular: "accesstoken",
  shortNames: [],
  namespaced: false,
  schema: AccessTokenSchema,
  hasStatus: true,
  finalizers: [],
  columns: [
    { name: "User", path: "spec.userName", type: "string" },
    {
      name: "Groups",
      path: "spec.groups",
      type: "string",
      show: (_groups, { spec }) => spec.groups.join(","),
    },
    { name: "Expires", path: "spec.expiresAt", type: "string", show: (time) => String(time ?? "never") },
    { name: "Last Used", path: "status.lastUsedTime", type: "date" },
  ],
  check: ({ spec }) =>
    spec.expiresAt === undefined || !Number.isNaN(Date.parse(spec.expiresAt))
      ? []
      : [{ field: "spec.expiresAt", message: "must be a time" }],
  checkUpdate,
};

function checkUpdate({ spec: before }: AccessToken, { spec: after }: AccessToken): readonly StatusCause[] {
  const message = "field is immutable: delete the token and make another";
  const text = ({ userName, groups, sha256, expiresAt = "" }: AccessToken["spec"]): string =>
    JSON.stringify([userName, groups, sha256, expiresAt]);
  return text(before) === text(after) ? [] : [{ field: "spec", message }];
}
