import type { Static } from "typebox";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const TimeSchema = Type.String({ maxLength: 40 });

const MachinesSchema = Type.Enum(["All", "WithoutDisks"], {
  description: "Which machines may start elsewhere: those with disks get new ones, made from their images.",
});

/** That a host is down, and who vouches for it. */
export const FenceSchema = Type.Object(
  {
    /** A person has said so (P5), or a device has cut the host's power and confirmed that (P2). */
    proof: Type.Enum(["HumanStatement", "FenceDevice"]),
    statedBy: Type.String({ maxLength: 253 }),
    statedAt: TimeSchema,
    /** After that nothing more is started elsewhere because of it. */
    expiresAt: TimeSchema,
    reason: Type.String({ maxLength: 1024 }),
    /** Which machine it is said of: what libvirt called the host when it was last seen. */
    hostUuid: Type.Optional(Type.String({ maxLength: 36 })),
    machines: MachinesSchema,
    /** It counts also while many hosts are away at once. */
    evenInMassOutage: Type.Boolean(),
  },
  closed,
);

/** What a person sends to say that a host is down. */
export const FenceRequestSchema = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 1024,
      description: "How it is known that the host is down, for those who read it later.",
    }),
    expiresInSeconds: Type.Integer({
      minimum: 60,
      maximum: 86_400,
      default: 3600,
      description: "For how long machines may be started elsewhere because of it.",
    }),
    machines: { ...MachinesSchema, default: "All" },
    evenInMassOutage: Type.Boolean({
      default: false,
      description: "Also while so many hosts are away that the network is more likely to be the cause.",
    }),
  },
  closed,
);

export interface Fence extends Readonly<Static<typeof FenceSchema>> {}
export interface FenceRequest extends Readonly<Static<typeof FenceRequestSchema>> {}
