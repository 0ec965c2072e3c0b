import type { Accelerator } from "../schema/host.ts";
import type { ConsoleOptions, DomainConsole } from "./domain-console.ts";
import type { HostUsage } from "./usage.ts";

/**
 * What every domain of ours carries in its metadata: whose it is, and which placement it belongs to.
 * Without it a domain is foreign, whatever it is called, and is never changed.
 */
export interface OwnershipMark {
  readonly clusterId: string;
  readonly namespace: string;
  readonly name: string;
  /** The VirtualMachine's metadata.uid, which is also the domain's UUID. */
  readonly uid: string;
  /** The placement that this definition was written for; a lower one than the stored is a leftover. */
  readonly epoch: number;
}

export interface DomainDisk {
  /** The disk's name in the spec. */
  readonly name: string;
  /** The volume in our pool. */
  readonly volume: string;
  readonly bus: "virtio" | "scsi" | "sata";
}

/** A disk that comes and goes while the domain runs. Always on the virtio bus, and nothing boots from it. */
export interface DomainVolume {
  /** The disk's name in the spec. */
  readonly name: string;
  /** The volume in our pool. */
  readonly volume: string;
  readonly format: "raw" | "qcow2";
  /** Its place: `vd` and two letters. A definition's other disks have one letter. */
  readonly target: string;
}

export interface DomainNetwork {
  readonly name: string;
  readonly source: { readonly type: "network" | "bridge"; readonly name: string };
  readonly macAddress: string;
  readonly model: "virtio" | "e1000e" | "rtl8139";
}

export interface DomainKernelBoot {
  /** Volumes in our pool. */
  readonly kernel: string;
  readonly initrd?: string;
  readonly commandLine?: string;
}

/** All of a domain that we decide; the rest is the host's choice. Compared with what the host reports. */
export interface DomainDefinition {
  readonly mark: OwnershipMark;
  readonly domainName: string;
  readonly accelerator: Accelerator;
  readonly cpus: number;
  /** A multiple of 1024: hypervisors count in KiB. */
  readonly memoryBytes: number;
  readonly disks: readonly DomainDisk[];
  /** In the order of their targets; absent when there are none. */
  readonly volumes?: readonly DomainVolume[];
  readonly networks: readonly DomainNetwork[];
  readonly kernelBoot?: DomainKernelBoot;
}

/** libvirt's states. `shutoff` and `crashed` have no process; all others have one. */
export type DomainState =
  | "nostate"
  | "running"
  | "blocked"
  | "paused"
  | "shutdown"
  | "shutoff"
  | "crashed"
  | "pmsuspended";

export interface ObservedDomain {
  /** The domain's UUID in lower case. */
  readonly uid: string;
  readonly domainName: string;
  readonly state: DomainState;
  /** libvirt's word for how it came to this state: `booted`, `destroyed`, `crashed`, `ioerror`, ... */
  readonly reason: string;
  /** Absent: foreign. */
  readonly mark?: OwnershipMark;
  /** What its persistent definition says now; absent for foreign and for transient domains. */
  readonly definition?: DomainDefinition;
  /** Its size, also of foreign domains: it counts against the host's capacity. */
  readonly cpus: number;
  readonly memoryBytes: number;
}

export interface ObservedVolume {
  readonly name: string;
  readonly capacityBytes: number;
}

/** A storage pool as the host last counted it. Sizes in bytes; thin volumes may outgrow what is available. */
export interface PoolSpace {
  readonly name: string;
  readonly capacityBytes: number;
  readonly allocatedBytes: number;
  readonly availableBytes: number;
}

/** The addresses that guests have, by the MAC address of the interface in lower case; IPv4 first. */
export type GuestAddresses = ReadonlyMap<string, readonly string[]>;

/** Everything on the host at one look that began after `observe` was called. */
export interface ObservedHost {
  readonly domains: readonly ObservedDomain[];
  /** Volumes of our pool only; without those whose content is still being uploaded. */
  readonly volumes: readonly ObservedVolume[];
  /** Of running domains with a definition, as far as the host knows them just now. */
  readonly addresses: GuestAddresses;
  /** Our pool; absent while it does not exist or is stopped. */
  readonly pool?: PoolSpace;
}

/** How a host's CPUs are arranged. */
export interface CpuTopology {
  /** What the hypervisor calls the model: `EPYC-Rome`, or `x86_64` where it knows no better. */
  readonly model: string;
  /** All of them, however memory is divided among them. */
  readonly sockets: number;
  readonly coresPerSocket: number;
  readonly threadsPerCore: number;
}

/** CPUs and memory that are near each other. */
export interface NumaCell {
  readonly id: number;
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** What a host is; changes rarely. Sizes in bytes. */
export interface HostFacts {
  /** libvirt's host UUID: the machine's identity whatever it is called. */
  readonly hostUuid: string;
  readonly hostname: string;
  readonly architecture: string;
  readonly hypervisor: { readonly type: string; readonly version: string; readonly libvirt: string };
  /** What the hypervisor says it can do; `kvm` here is a claim until a probe guest has run. */
  readonly accelerators: readonly Accelerator[];
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly topology: CpuTopology;
  /** Empty where the hypervisor tells nothing of it. */
  readonly numa: readonly NumaCell[];
  /** Ours; its capacity is that of the file system behind it. */
  readonly pool: PoolSpace;
  /** Active pools that are not ours, which are never touched. */
  readonly otherPools: readonly PoolSpace[];
}

/** Content that a host should hold in our pool under `volume`. */
export interface VolumeContent {
  readonly volume: string;
  readonly format: "raw" | "qcow2";
  readonly sizeBytes: number;
  /** Opens the content from its beginning; may be called again after a failed upload. */
  open(): AsyncIterable<Uint8Array>;
}

/** A volume as it is, to be read from its beginning to its end while nobody writes to it. */
export interface VolumeReading {
  /** The file's length, which is less than the capacity where the format says so. */
  readonly sizeBytes: number;
  /** Throws when a read fails or `signal` aborts; fewer bytes than `sizeBytes` are never all there are. */
  open(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** A disk that a host should hold in our pool under `volume`. */
export interface VolumeSpec {
  readonly volume: string;
  readonly capacityBytes: number;
  /** qcow2 unless told; raw has no backing. */
  readonly format?: "raw" | "qcow2";
  /** The volume it is a copy-on-write overlay of. */
  readonly backing?: { readonly volume: string; readonly format: "raw" | "qcow2" };
}

/** *Look again*: may repeat, lie, come late or not at all. Without a uid: look at the whole host. */
export interface Hint {
  readonly uid?: string;
  /** What the host says the domain has become: who has seen it like that need not look again. */
  readonly told?: Pick<ObservedDomain, "state" | "reason">;
}

/** How a link does, told without asking the host. */
export interface LinkHealth {
  /** When the host last said anything at all, in the clock's monotonic milliseconds. */
  readonly heardAtMs: number;
  /** Calls before the host that it has not answered, those given up included. */
  readonly inFlight: number;
}

/**
 * A live link to one host: verbs, no policy.
 *
 * - Every verb is idempotent: starting what runs, deleting what is gone is success.
 * - Every verb is bounded: when `signal` aborts or the driver's own deadline passes it throws
 *   `OutcomeUnknown`, which never means "failed"; `HostUnreachable` says that nothing was sent.
 * - Verbs that change a domain touch only one that carries `mark`-equal ownership (cluster id and uid); a
 *   domain with the uid but another's mark, or our name under another UUID, throws `OwnershipConflict`.
 * - Verbs on volumes touch only our pool.
 * - A domain that is gone when it must be there (start, shutdown, suspend, resume) throws `NotFound`.
 * - Once the link is lost every verb throws `HostUnreachable` or `OutcomeUnknown`; connect anew.
 */
export interface HostConnection extends AsyncDisposable {
  /** Resolves with the reason when the link is lost or closed. Never rejects. */
  readonly closed: Promise<Error>;

  readonly health: LinkHealth;

  /** What the host is. Makes our pool if it is missing. */
  describe(signal: AbortSignal): Promise<HostFacts>;

  /** Whether a guest with this accelerator really runs: starts a throw-away one, within 30 s. */
  probeAccelerator(accelerator: Accelerator, signal: AbortSignal): Promise<boolean>;

  /** What the host and its guests have used; asks no guest. */
  measure(signal: AbortSignal): Promise<HostUsage>;

  /** Everything, in one look; changes nothing. */
  observe(signal: AbortSignal): Promise<ObservedHost>;

  /** One domain by UUID, ours or foreign; undefined when the host has none. Cheap; changes nothing. */
  observeDomain(uid: string, signal: AbortSignal): Promise<ObservedDomain | undefined>;

  /** Makes the persistent definition what is given, whether the domain runs or not. */
  defineDomain(definition: DomainDefinition, signal: AbortSignal): Promise<void>;
  startDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void>;
  /** Stops the guest's CPUs; all that it has stays as it is until it is resumed. */
  suspendDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void>;
  resumeDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void>;
  /** Asks the guest to shut down; returns when asked, not when done. */
  shutdownDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void>;
  /** Ends the process. Data on disks stays. */
  destroyDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void>;
  /** Removes a stopped domain's definition with nvram, managed save, snapshot metadata and the like. */
  undefineDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void>;

  /** The volumes (see DomainVolume) that the domain's process has now; none when it has no process. */
  observeVolumes(uid: string, signal: AbortSignal): Promise<readonly DomainVolume[]>;
  /**
   * Gives a running domain the volume, at once and in its definition. Throws `OperationInvalid` when it does
   * not run, or has no place left for a disk until it is started anew.
   */
  attachVolume(mark: OwnershipMark, volume: DomainVolume, signal: AbortSignal): Promise<void>;
  /**
   * Takes the volume out of the definition and asks the guest to let it go; returns when asked, not when
   * done. Never takes it away from a guest that holds on to it.
   */
  detachVolume(mark: OwnershipMark, volume: DomainVolume, signal: AbortSignal): Promise<void>;
  /** Grows a volume that a running domain has; never shrinks it. */
  growVolume(
    mark: OwnershipMark,
    volume: DomainVolume,
    capacityBytes: number,
    signal: AbortSignal,
  ): Promise<void>;

  /**
   * Opens the serial console; `signal` ends the attempt, the console outlives it. Throws `OperationInvalid`
   * when the domain does not run or has no console, `Conflict` when somebody has it and `force` is not set.
   */
  openConsole(mark: OwnershipMark, options: ConsoleOptions, signal: AbortSignal): Promise<DomainConsole>;

  /** Uploads the content unless the pool has it whole; half an upload is never taken for a whole one. */
  ensureContent(content: VolumeContent, signal: AbortSignal): Promise<void>;
  /** Makes the volume, or grows it to `capacityBytes`; never shrinks, never touches its content. */
  ensureVolume(spec: VolumeSpec, signal: AbortSignal): Promise<void>;
  deleteVolume(volume: string, signal: AbortSignal): Promise<void>;
  /** Opens a whole volume for reading; `NotFound` when the pool has none of this name. */
  readVolume(volume: string, signal: AbortSignal): Promise<VolumeReading>;

  /** Ends, without an error, when `signal` aborts or the link is lost. Each call is a reader of its own. */
  hints(signal: AbortSignal): AsyncIterable<Hint>;
}

export interface ConnectOptions {
  readonly uri: string;
  /** The Host's name, for messages that say what to type. */
  readonly hostName?: string;
  /** Names our pool and marks our domains; see OwnershipMark. */
  readonly clusterId: string;
  /** Ends the attempt; the connection outlives it. */
  readonly signal: AbortSignal;
}

/**
 * Makes connections to one family of hypervisors. Throws `HostUnreachable` with a message that a person can
 * act on; `unreachableReason` says why in one word.
 */
export interface Driver {
  connect(options: ConnectOptions): Promise<HostConnection>;
}
