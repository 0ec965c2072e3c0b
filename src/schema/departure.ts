import type { Static } from "typebox";
import { atomicList } from "./list-type.ts";
import { namePattern } from "./meta.ts";
import { Type } from "./type.ts";

const closed = { additionalProperties: false } as const;
const NameSchema = Type.String({ pattern: namePattern });
const UuidSchema = Type.String({ maxLength: 36 });
const TimeSchema = Type.String({ maxLength: 40 });
const EpochSchema = Type.Integer({ minimum: 0 });

/** How it is known that a machine runs no more where it was placed before. */
export const DepartureSchema = Type.Object(
  {
    /**
     * ObservedAbsent (P1): its host was asked after it was to leave, and has nothing of it. FenceDevice (P2),
     * HumanStatement (P5): somebody vouches for it that the host is down; see Host.
     */
    proof: Type.Enum(["ObservedAbsent", "FenceDevice", "HumanStatement"]),
    /** The host that it left, and that host's own UUID. */
    hostName: NameSchema,
    hostUuid: Type.Optional(UuidSchema),
    /** The placement that has ended. */
    epoch: EpochSchema,
    /** Who says so; absent: it was seen. */
    by: Type.Optional(Type.String({ maxLength: 253 })),
    /** When it was seen or said. */
    at: TimeSchema,
    message: Type.String({ maxLength: 2048 }),
  },
  closed,
);

/** What is left of a machine on a host that it was started elsewhere in spite of. */
export const LeftBehindSchema = Type.Object(
  {
    hostName: NameSchema,
    hostUuid: Type.Optional(UuidSchema),
    epoch: EpochSchema,
    since: TimeSchema,
    /** Its disks there, which are kept, and the image contents that they stand on. */
    volumes: Type.Array(
      Type.Object(
        {
          disk: Type.String({ maxLength: 63 }),
          volume: Type.String({ maxLength: 128 }),
          backing: Type.Optional(Type.String({ maxLength: 128 })),
        },
        closed,
      ),
      { maxItems: 64, ...atomicList },
    ),
  },
  closed,
);

export interface Departure extends Readonly<Static<typeof DepartureSchema>> {}
export interface LeftBehind extends Readonly<Static<typeof LeftBehindSchema>> {}
