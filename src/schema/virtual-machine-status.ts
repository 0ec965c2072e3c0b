import type { Static } from "typebox";
import { DecisionSchema } from "./decision.ts";
import { DepartureSchema, LeftBehindSchema } from "./departure.ts";
import { ResourcesSchema } from "./host.ts";
import { atomicList, mapList } from "./list-type.ts";
import { ConditionSchema, namePattern } from "./meta.ts";
import { Type } from "./type.ts";

const NameSchema = Type.String({ pattern: namePattern });
const closed = { additionalProperties: false } as const;

/** How long the guest may take to shut down, where another time than the spec's was asked for. */
const GracePeriodSchema = Type.Optional(Type.Integer({ minimum: 0, maximum: 86400 }));

/** A start, stop or restart asked for by a person: kept apart from spec, which its writer (Git) owns. */
const RunOverrideSchema = Type.Object(
  {
    action: Type.Enum(["Start", "Stop"]),
    requestedBy: Type.String({ maxLength: 253 }),
    requestedAt: Type.String({ maxLength: 40 }),
    /** The override ends when spec.runStrategy is no longer this. */
    runStrategy: Type.String({ maxLength: 32 }),
    gracePeriodSeconds: GracePeriodSchema,
  },
  closed,
);

const RestartRequestSchema = Type.Object(
  {
    requestedBy: Type.String({ maxLength: 253 }),
    requestedAt: Type.String({ maxLength: 40 }),
    gracePeriodSeconds: GracePeriodSchema,
  },
  closed,
);

/** A pause of the present run, or its end: `Unpause` goes when it was done. */
const PauseRequestSchema = Type.Object(
  {
    action: Type.Enum(["Pause", "Unpause"]),
    requestedBy: Type.String({ maxLength: 253 }),
    requestedAt: Type.String({ maxLength: 40 }),
  },
  closed,
);

const AttachedVolumeSchema = Type.Object(
  {
    disk: Type.String({ maxLength: 63 }),
    /** The Volume's name and uid. */
    name: NameSchema,
    uid: Type.String({ maxLength: 36 }),
    /** Its name in the pool. */
    volume: Type.String({ maxLength: 128 }),
    /** Its place in the domain, the same as long as it is attached. */
    target: Type.String({ maxLength: 8 }),
    /** Whether it was seen in the running domain. */
    attached: Type.Optional(Type.Boolean()),
    /** When it was last asked for and not yet seen since: it may still come. */
    requestedAt: Type.Optional(Type.String({ maxLength: 40 })),
    /** When the guest was last asked to let it go, and how often so far. */
    detachRequestedAt: Type.Optional(Type.String({ maxLength: 40 })),
    detachRequests: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);

/** An interface as KubeVirt tells of it. */
const InterfaceSchema = Type.Object(
  {
    /** The network's name in the spec. */
    name: Type.String({ maxLength: 63 }),
    mac: Type.String({ maxLength: 17 }),
    /** The first of all. */
    ipAddress: Type.Optional(Type.String({ maxLength: 45 })),
    /** IPv4 first. */
    ipAddresses: Type.Optional(Type.Array(Type.String({ maxLength: 45 }), { maxItems: 16, ...atomicList })),
  },
  closed,
);

/** The words `kubectl get` shows; KubeVirt's. */
export const PrintableStatusSchema = Type.Enum([
  "Stopped",
  "Provisioning",
  "Starting",
  "Running",
  "Paused",
  "Stopping",
  "Terminating",
  "CrashLoopBackOff",
  "Migrating",
  "Unknown",
  "ErrorUnschedulable",
  "ErrImagePull",
  "ImagePullBackOff",
]);

export const VirtualMachineStatusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ minimum: -1 })),
    printableStatus: Type.Optional(PrintableStatusSchema),
    hostName: Type.Optional(NameSchema),
    /** The host's own UUID: another machine under the host's name cannot tell whether this one runs. */
    hostUuid: Type.Optional(Type.String({ maxLength: 36 })),
    /** What the host has set aside for it. */
    allocated: Type.Optional(ResourcesSchema),
    /** Counts placements; written before the first start on a host, and into the domain's mark. */
    placementEpoch: Type.Optional(Type.Integer({ minimum: 0 })),
    /** It is to leave its host, on which it has no data; written before anything of it is removed. */
    leaving: Type.Optional(
      Type.Object(
        {
          reason: Type.Enum(["StartFailed", "Preempted"]),
          since: Type.String({ maxLength: 40 }),
          message: Type.String({ maxLength: 2048 }),
        },
        closed,
      ),
    ),
    /** How it is known that it runs no more where it was before; written with the placement that follows. */
    departure: Type.Optional(DepartureSchema),
    /** The placement from which on its disks are: those made before are none of its own any more. */
    disksEpoch: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Where something of it was left that could not be seen to. */
    leftBehind: Type.Optional(Type.Array(LeftBehindSchema, { maxItems: 16, ...atomicList })),
    /** It gives up its CPUs and memory for a machine of higher priority; written before it is stopped. */
    preempted: Type.Optional(
      Type.Object(
        { since: Type.String({ maxLength: 40 }), message: Type.String({ maxLength: 2048 }) },
        closed,
      ),
    ),
    /** Hosts on which it could not be started, until it has run somewhere. */
    failedHosts: Type.Optional(Type.Array(NameSchema, { maxItems: 3, ...atomicList })),
    /** Why it is where it is, or nowhere: the newest first. */
    decisions: Type.Optional(Type.Array(DecisionSchema, { maxItems: 5, ...atomicList })),
    /** The revision at which it came into the queue for a host: its place among those of its priority. */
    queuedRevision: Type.Optional(Type.String({ maxLength: 20, pattern: "^[0-9]+$" })),
    conditions: Type.Optional(Type.Array(ConditionSchema, { maxItems: 32, ...mapList("type") })),
    domain: Type.Optional(
      Type.Object(
        {
          name: Type.String({ maxLength: 200 }),
          state: Type.String({ maxLength: 32 }),
          reason: Type.String({ maxLength: 64 }),
        },
        closed,
      ),
    ),
    /** Of the present run; addresses as far as the host knows them, from leases or from its neighbours. */
    interfaces: Type.Optional(Type.Array(InterfaceSchema, { maxItems: 16, ...mapList("name") })),
    /** Whether the machine has been started since it was last meant to start (`Once`, `RerunOnFailure`). */
    started: Type.Optional(Type.Boolean()),
    startedAt: Type.Optional(Type.String({ maxLength: 40 })),
    /** Hash of the definition the running domain was started with; another one desired: RestartRequired. */
    startedDefinition: Type.Optional(Type.String({ maxLength: 64 })),
    /** How the last run ended; hosts forget that. */
    lastRunEnd: Type.Optional(Type.Enum(["GuestShutdown", "Failure"])),
    /** When the guest was first asked to shut down; the grace period counts from here. */
    shutdownRequestedAt: Type.Optional(Type.String({ maxLength: 40 })),
    startFailure: Type.Optional(
      Type.Object(
        {
          consecutiveFailCount: Type.Integer({ minimum: 0 }),
          lastFailureTime: Type.String({ maxLength: 40 }),
          retryAfterTime: Type.String({ maxLength: 40 }),
          message: Type.String({ maxLength: 4096 }),
        },
        closed,
      ),
    ),
    runOverride: Type.Optional(RunOverrideSchema),
    restartRequest: Type.Optional(RestartRequestSchema),
    pauseRequest: Type.Optional(PauseRequestSchema),
    /** Volumes made for this machine, by disk name: what deletion removes. Written before they are made. */
    volumes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            disk: Type.String({ maxLength: 63 }),
            volume: Type.String({ maxLength: 128 }),
            /** The image content that it is an overlay of. */
            backing: Type.Optional(Type.String({ maxLength: 128 })),
            /** What it was made with; it may have grown since. */
            capacityBytes: Type.Optional(Type.Integer({ minimum: 0 })),
            /** It has been seen on the host: missing later means data is lost; nobody makes a new one. */
            made: Type.Optional(Type.Boolean()),
          },
          closed,
        ),
        { maxItems: 64, ...atomicList },
      ),
    ),
    /**
     * The Volumes that its domain has or may have: written before one is attached or defined, taken off the
     * list when it was seen to be gone from the running domain and from its definition.
     */
    attachedVolumes: Type.Optional(Type.Array(AttachedVolumeSchema, { maxItems: 64, ...atomicList })),
    /** The kernel and initrd contents that the next start needs; kept while listed, as a volume's backing. */
    bootContents: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 2, ...atomicList })),
  },
  closed,
);

export type PrintableStatus = Static<typeof PrintableStatusSchema>;
export type AttachedVolume = Readonly<Static<typeof AttachedVolumeSchema>>;
