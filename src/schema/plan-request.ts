import type { Static } from "typebox";
import { StatusError } from "../runtime/errors.ts";
import { copyPlain } from "./plain.ts";
import { Type } from "./type.ts";
import { conforms, explain, type Shape } from "./validator.ts";

const HostNamesSchema = Type.Array(Type.String({ maxLength: 63 }), { maxItems: 1000 });

/** What to think through: nothing of it is done. */
export const PlanRequestSchema = Type.Object(
  {
    manifests: Type.Optional(
      Type.Array(Type.Unknown(), {
        maxItems: 5000,
        description:
          "Objects that would be applied. Machines are placed; sizes, policies and priorities count.",
      }),
    ),
    loseHosts: Type.Optional(HostNamesSchema),
    drainHosts: Type.Optional(HostNamesSchema),
    policy: Type.Optional(
      Type.String({
        maxLength: 63,
        description:
          "A policy for all machines: RoundRobin, BinPacking, ... or the name of a PlacementPolicy.",
      }),
    ),
  },
  { additionalProperties: false },
);

export interface PlanRequest extends Readonly<Static<typeof PlanRequestSchema>> {}

const shape: Shape<PlanRequest> = { schema: PlanRequestSchema };

/** Throws `Invalid` with a cause for each thing that is wrong. */
export function parsePlanRequest(value: unknown): PlanRequest {
  const request = copyPlain(value);
  if (conforms(shape, request)) return request;
  const causes = explain(shape, request);
  const text = causes
    .map(({ field, message }) => (field === "" ? message : `${field}: ${message}`))
    .join("; ");
  throw new StatusError("Invalid", `not a plan: ${text}`, { causes });
}
