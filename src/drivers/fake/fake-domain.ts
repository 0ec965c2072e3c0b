import type { Clock, Timer } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { ConsoleOptions } from "../domain-console.ts";
import type {
  DomainDefinition,
  DomainState,
  DomainVolume,
  ObservedDomain,
  OwnershipMark,
} from "../driver.ts";
import type { DomainUsage } from "../usage.ts";
import { FakeConsole } from "./fake-console.ts";

/** How the software inside behaves when it is asked to shut down. */
export interface GuestBehaviour {
  readonly obeysShutdown: boolean;
  /** From the request until the guest is off. */
  readonly shutdownMs: number;
  /** Holds on to its volumes, as one that has them mounted or is not up yet. */
  readonly keepsVolumes?: boolean;
}

/** A domain that was made by somebody else: no mark, or that of another cluster. */
export interface ForeignDomain {
  readonly uid: string;
  readonly domainName: string;
  readonly mark?: OwnershipMark;
  readonly cpus?: number;
  readonly memoryBytes?: number;
  readonly running?: boolean;
}

export interface FakeDomainOptions {
  readonly clock: Clock;
  readonly guest: GuestBehaviour;
  /** Called after every change of state or definition. */
  readonly changed: (domain: FakeDomain) => void;
}

const withoutProcess: ReadonlySet<DomainState> = new Set(["shutoff", "crashed"]);

/**
 * One domain as libvirt keeps it: a definition and, while it runs, a process. Its methods are what a person
 * with virsh, the guest, or fate can do to it; the driver's verbs use the same ones after their checks.
 */
export class FakeDomain {
  readonly uid: string;
  /** What the guest does when asked to shut down; tests change it at will. */
  guest: GuestBehaviour;
  /** While set, starting fails with this message, as when QEMU exits at once. */
  startFailure: string | undefined;
  /** While set, another job holds the lock: every verb on the domain is refused. */
  busy = false;
  /** Whether the host itself starts it when it boots; nobody of us sets that. */
  autostart = false;
  /** How often a process was started: at most one machine may ever run. */
  starts = 0;
  readonly #clock: Clock;
  readonly #changed: (domain: FakeDomain) => void;
  #observed: ObservedDomain;
  #persistent = true;
  #shutdown: Timer | undefined;
  #volumes: readonly DomainVolume[] = [];
  #console: FakeConsole | undefined;
  #startedAtMs: number;

  constructor(origin: DomainDefinition | ForeignDomain, options: FakeDomainOptions) {
    this.#clock = options.clock;
    this.#changed = options.changed;
    this.guest = options.guest;
    this.#observed = firstLook(origin);
    this.#startedAtMs = options.clock.monotonic();
    this.uid = this.#observed.uid;
  }

  /** What libvirt would report. Immutable: a change makes a new one. */
  get observed(): ObservedDomain {
    return this.#observed;
  }

  get domainName(): string {
    return this.#observed.domainName;
  }

  /** Whether there is a process. */
  get active(): boolean {
    return !withoutProcess.has(this.#observed.state);
  }

  /** Whether there is a definition that survives the process. */
  get persistent(): boolean {
    return this.#persistent;
  }

  /** The volumes that the process has. */
  get volumes(): readonly DomainVolume[] {
    return this.#volumes;
  }

  /** A volume comes to the process and into the definition, as far as it is not there. */
  plug(volume: DomainVolume): void {
    const others = this.#volumes.filter((other) => other.volume !== volume.volume);
    this.#volumes = [...others, volume];
    this.#defineVolumes([...this.#definedVolumes(volume), volume]);
  }

  /** A volume goes out of the definition, and of the process once the guest lets it go. */
  unplug(volume: DomainVolume): void {
    if (this.guest.keepsVolumes !== true) this.unplugLive(volume);
    this.#defineVolumes(this.#definedVolumes(volume));
  }

  /** `virsh detach-disk --live`: the definition still has it. */
  unplugLive({ volume }: Pick<DomainVolume, "volume">): void {
    this.#volumes = this.#volumes.filter((other) => other.volume !== volume);
    this.#changed(this);
  }

  #definedVolumes({ volume }: DomainVolume): readonly DomainVolume[] {
    const defined = this.#observed.definition?.volumes ?? [];
    return defined.filter((other) => other.volume !== volume);
  }

  #defineVolumes(volumes: readonly DomainVolume[]): void {
    const { definition } = this.#observed;
    if (definition === undefined) return;
    const { volumes: _before, ...rest } = definition;
    const sorted = volumes.toSorted((a, b) => (a.target < b.target ? -1 : 1));
    this.#become({
      ...this.#observed,
      definition: sorted.length === 0 ? rest : { ...rest, volumes: sorted },
    });
  }

  /** A guest that keeps a tenth of each of its CPUs busy. */
  usage(): DomainUsage {
    const { cpus, memoryBytes } = this.#observed;
    const ranMs = this.#clock.monotonic() - this.#startedAtMs;
    return { uid: this.uid, cpuTimeMs: ranMs * cpus * 0.1, memoryBytes };
  }

  /** The console that somebody has open. */
  get console(): FakeConsole | undefined {
    return this.#console;
  }

  /** The serial console, which one at a time has. */
  openConsole({ force }: ConsoleOptions): FakeConsole {
    const what = `domain "${this.domainName}"`;
    if (!this.active) throw new StatusError("OperationInvalid", `${what} does not run: it has no console`);
    if (this.#console !== undefined && !force) {
      throw new StatusError("Conflict", `the console of ${what} is in use`);
    }
    this.#console?.end();
    this.#console = new FakeConsole(this.domainName, (console) => {
      if (this.#console === console) this.#console = undefined;
    });
    return this.#console;
  }

  define(definition: DomainDefinition): void {
    this.#persistent = true;
    const { state, reason } = this.#observed;
    this.#become({ ...firstLook(definition), state, reason });
  }

  /** Somebody edits the definition by hand. */
  edit(change: Partial<Omit<DomainDefinition, "mark" | "domainName">>): void {
    const { definition } = this.#observed;
    if (definition === undefined) throw new Error(`domain ${this.uid} has no definition of ours to edit`);
    this.define({ ...definition, ...change });
  }

  /** Somebody removes our mark, or puts another there. */
  remark(mark: OwnershipMark | undefined): void {
    const { mark: _mark, definition: _definition, ...rest } = this.#observed;
    this.#become(mark === undefined ? rest : { ...rest, mark });
  }

  start(): void {
    if (this.startFailure !== undefined) {
      throw new StatusError(
        "InternalError",
        `domain "${this.domainName}" did not start: ${this.startFailure}`,
      );
    }
    this.starts += 1;
    this.#startedAtMs = this.#clock.monotonic();
    this.#volumes = this.#observed.definition?.volumes ?? [];
    this.#enter("running", "booted");
  }

  pause(reason: "user" | "ioerror" = "user"): void {
    this.#enter("paused", reason);
  }

  resume(): void {
    this.#enter("running", "unpaused");
  }

  /** The power button: the guest may obey after a while, or not. */
  pressPowerButton(): void {
    if (!this.guest.obeysShutdown || this.#shutdown !== undefined || this.#observed.state !== "running")
      return;
    if (this.guest.shutdownMs === 0) this.stopFromInside();
    else this.#shutdown = this.#clock.after(this.guest.shutdownMs, () => this.stopFromInside());
  }

  /** The guest turns itself off. */
  stopFromInside(): void {
    this.#end("shutdown");
  }

  /** Pulls the plug: `virsh destroy`. */
  destroy(): void {
    this.#end("destroyed");
  }

  /** The process dies, as by `kill -9` or a lack of memory. */
  kill(): void {
    this.#end("crashed");
  }

  /** The host went down with everything on it; nobody is told. */
  losePower(): void {
    this.#shutdown?.cancel();
    this.#shutdown = undefined;
    this.#volumes = [];
    this.#console?.end();
    if (this.active) this.#observed = { ...this.#observed, state: "shutoff", reason: "unknown" };
  }

  /** `virsh undefine`: a running domain becomes transient and is gone when it stops. */
  undefine(): void {
    this.#persistent = false;
    const { definition: _definition, ...rest } = this.#observed;
    this.#become(rest);
  }

  #end(reason: string): void {
    if (!this.active) return;
    this.#volumes = [];
    this.#console?.end();
    this.#enter("shutoff", reason);
  }

  #enter(state: DomainState, reason: string): void {
    if (state !== "running") {
      this.#shutdown?.cancel();
      this.#shutdown = undefined;
    }
    this.#become({ ...this.#observed, state, reason });
  }

  #become(observed: ObservedDomain): void {
    this.#observed = observed;
    this.#changed(this);
  }
}

function firstLook(origin: DomainDefinition | ForeignDomain): ObservedDomain {
  if ("accelerator" in origin) {
    const { mark, domainName, cpus, memoryBytes } = origin;
    const size = { cpus, memoryBytes };
    return {
      uid: mark.uid,
      domainName,
      state: "shutoff",
      reason: "unknown",
      mark,
      definition: origin,
      ...size,
    };
  }
  const { uid, domainName, mark, cpus = 1, memoryBytes = 64 * 2 ** 20, running = false } = origin;
  return {
    uid,
    domainName,
    state: running ? "running" : "shutoff",
    reason: running ? "booted" : "unknown",
    ...(mark === undefined ? {} : { mark }),
    cpus,
    memoryBytes,
  };
}
