import type { Static } from "typebox";
import { atomicList } from "./list-type.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const NameSchema = Type.String({ maxLength: 253 });
const CountSchema = Type.Integer({ minimum: 0 });

/** A host that could take the machine. */
const RankedHostSchema = Type.Object(
  {
    hostName: NameSchema,
    total: Type.Number(),
    /** 0 to 100 by preference, before weights; preferences that make no difference are left out. */
    scores: Type.Record(Type.String({ pattern: "^[A-Za-z]{1,63}$" }), Type.Number(), {
      maxProperties: 32,
      additionalProperties: false,
    }),
  },
  closed,
);

/** Hosts that could not, by the first rule that was against them. */
const RefusedHostsSchema = Type.Object(
  {
    plugin: Type.String({ maxLength: 63 }),
    reason: Type.String({ maxLength: 512 }),
    hosts: CountSchema,
    examples: Type.Array(NameSchema, { maxItems: 3, ...atomicList }),
  },
  closed,
);

/** Why a machine is where it is, or why it is nowhere, as it was decided at that time. */
export const DecisionSchema = Type.Object(
  {
    /** Counts the decisions of the cluster. */
    sequence: CountSchema,
    time: Type.String({ maxLength: 40 }),
    type: Type.Enum(["Placed", "Unschedulable", "StartFailed", "Preempting", "Preempted"]),
    /** The policy by which the host was chosen. */
    policy: Type.String({ maxLength: 63 }),
    hostName: Type.Optional(NameSchema),
    message: Type.String({ maxLength: 2048 }),
    hosts: CountSchema,
    feasible: CountSchema,
    best: Type.Optional(Type.Array(RankedHostSchema, { maxItems: 5, ...atomicList })),
    refused: Type.Optional(Type.Array(RefusedHostsSchema, { maxItems: 16, ...atomicList })),
    /** The smallest changes by which it would fit. */
    suggestions: Type.Optional(Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 3, ...atomicList })),
  },
  closed,
);

export interface Decision extends Readonly<Static<typeof DecisionSchema>> {}
