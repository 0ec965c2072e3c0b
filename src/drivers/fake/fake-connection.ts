import { onAbort } from "../../runtime/abort.ts";
import type { Clock } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { Accelerator } from "../../schema/host.ts";
import { checkDefinition } from "../definition.ts";
import type { ConsoleOptions, DomainConsole } from "../domain-console.ts";
import type {
  DomainDefinition,
  DomainVolume,
  Hint,
  HostConnection,
  HostFacts,
  LinkHealth,
  ObservedDomain,
  ObservedHost,
  OwnershipMark,
  VolumeContent,
  VolumeReading,
  VolumeSpec,
} from "../driver.ts";
import { HintQueue } from "../hint-queue.ts";
import { foreignDomain, nameTaken, sameOwner } from "../ownership.ts";
import { SingleFlight } from "../single-flight.ts";
import type { HostUsage } from "../usage.ts";
import { checkVolumeName } from "../volume-name.ts";
import { fakeAddresses } from "./fake-addresses.ts";
import { FakeCalls } from "./fake-calls.ts";
import type { FakeConsole } from "./fake-console.ts";
import type { FakeDomain } from "./fake-domain.ts";
import type { FakeVerb } from "./fake-faults.ts";
import type { FakeHost, FakeLink } from "./fake-host.ts";
import type { FakePool } from "./fake-pool.ts";
import { attachVolume, growVolume, openVolumes, readVolume } from "./fake-volumes.ts";

/**
 * A link to a host in memory. As with a real one, a call that was given up may still take effect later,
 * and what one connection does all others see.
 */
export class FakeConnection implements HostConnection, FakeLink {
  readonly closed: Promise<Error>;
  readonly #host: FakeHost;
  readonly #clusterId: string;
  readonly #lost = new AbortController();
  readonly #hints = new Set<HintQueue>();
  readonly #uploads = new SingleFlight();
  readonly #close: (reason: Error) => void;
  readonly #calls: FakeCalls;

  constructor(host: FakeHost, clusterId: string, clock: Clock) {
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.closed = promise;
    this.#close = resolve;
    this.#host = host;
    this.#clusterId = clusterId;
    this.#calls = new FakeCalls(host, clock, this.#lost.signal);
    host.join(this);
  }

  get health(): LinkHealth {
    return this.#calls.health;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lose(new StatusError("HostUnreachable", `the link to host ${this.#host.name} was closed`));
  }

  lose(error: Error): void {
    if (this.#lost.signal.aborted) return;
    this.#host.leave(this);
    this.#lost.abort(error);
    for (const queue of this.#hints) queue.end();
    this.#close(error);
  }

  hint(hint: Hint): void {
    for (const queue of this.#hints) queue.push(hint);
  }

  async *hints(signal: AbortSignal): AsyncGenerator<Hint, void, undefined> {
    if (this.#lost.signal.aborted) return;
    const queue = new HintQueue();
    this.#hints.add(queue);
    try {
      yield* queue.read(signal);
    } finally {
      this.#hints.delete(queue);
    }
  }

  describe(signal: AbortSignal): Promise<HostFacts> {
    return this.#call("describe", signal, () => ({
      ...this.#host.facts,
      pool: this.#host.space(this.#clusterId),
    }));
  }

  probeAccelerator(accelerator: Accelerator, signal: AbortSignal): Promise<boolean> {
    return this.#call("probeAccelerator", signal, () => this.#host.workingAccelerators.includes(accelerator));
  }

  measure(signal: AbortSignal): Promise<HostUsage> {
    return this.#call("measure", signal, () => this.#host.usage());
  }

  observe(signal: AbortSignal): Promise<ObservedHost> {
    return this.#call("observe", signal, () => ({
      domains: [...this.#host.domains].map((domain) => domain.observed),
      volumes: this.#pool.list(),
      addresses: fakeAddresses(this.#host.domains),
      pool: this.#host.space(this.#clusterId),
    }));
  }

  observeDomain(uid: string, signal: AbortSignal): Promise<ObservedDomain | undefined> {
    return this.#call("observeDomain", signal, () => this.#host.findDomain(uid)?.observed);
  }

  defineDomain(definition: DomainDefinition, signal: AbortSignal): Promise<void> {
    return this.#call("defineDomain", signal, () => {
      checkDefinition(definition);
      const wanted = { domainName: definition.domainName, uid: definition.mark.uid };
      const found = this.#find(definition.mark);
      const namesake = this.#host.findByName(wanted.domainName);
      if (found !== undefined && found.domainName !== wanted.domainName) {
        throw nameTaken(wanted, found.observed);
      }
      if (namesake !== undefined && namesake !== found) throw nameTaken(wanted, namesake.observed);
      if (found === undefined) this.#host.addDomain(definition);
      else found.define(definition);
    });
  }

  startDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#call("startDomain", signal, () => {
      const domain = this.#need(mark);
      if (domain.active) return;
      openVolumes(this.#host, this.#pool, domain);
      domain.start();
    });
  }

  suspendDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#call("suspendDomain", signal, () => {
      const domain = this.#need(mark);
      if (!domain.active) throw invalid(domain, "is not running: nothing to pause");
      if (domain.observed.state !== "paused") domain.pause();
    });
  }

  resumeDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#call("resumeDomain", signal, () => {
      const domain = this.#need(mark);
      if (domain.observed.state === "paused") domain.resume();
      else if (!domain.active) throw invalid(domain, "is not running: nothing to resume");
    });
  }

  shutdownDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#call("shutdownDomain", signal, () => this.#need(mark).pressPowerButton());
  }

  destroyDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#call("destroyDomain", signal, () => this.#find(mark)?.destroy());
  }

  undefineDomain(mark: OwnershipMark, signal: AbortSignal): Promise<void> {
    return this.#call("undefineDomain", signal, () => {
      const domain = this.#find(mark);
      if (domain?.active) throw invalid(domain, "is running: stop it first");
      domain?.undefine();
    });
  }

  observeVolumes(uid: string, signal: AbortSignal): Promise<readonly DomainVolume[]> {
    return this.#call("observeVolumes", signal, () => this.#host.findDomain(uid)?.volumes ?? []);
  }

  attachVolume(mark: OwnershipMark, volume: DomainVolume, signal: AbortSignal): Promise<void> {
    return this.#call("attachVolume", signal, () =>
      attachVolume(this.#host, this.#pool, this.#need(mark), volume),
    );
  }

  detachVolume(mark: OwnershipMark, volume: DomainVolume, signal: AbortSignal): Promise<void> {
    return this.#call("detachVolume", signal, () => this.#find(mark)?.unplug(volume));
  }

  growVolume(
    mark: OwnershipMark,
    volume: DomainVolume,
    capacityBytes: number,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#call("growVolume", signal, () =>
      growVolume(this.#pool, this.#need(mark), volume, capacityBytes),
    );
  }

  openConsole(mark: OwnershipMark, options: ConsoleOptions, signal: AbortSignal): Promise<DomainConsole> {
    let terminal: FakeConsole | undefined;
    const opened = this.#call("openConsole", signal, () => {
      const found = this.#need(mark).openConsole(options);
      onAbort(this.#lost.signal, () => found.lose(this.#lost.signal.reason));
      if (signal.aborted) found.end();
      terminal = found;
      return found;
    });
    // Nobody is left to leave it.
    return opened.catch((error: unknown) => {
      terminal?.end();
      throw error;
    });
  }

  readVolume(volume: string, signal: AbortSignal): Promise<VolumeReading> {
    return this.#call("readVolume", signal, () => readVolume(this.#pool, volume, this.#lost.signal));
  }

  ensureContent(content: VolumeContent, signal: AbortSignal): Promise<void> {
    const pool = this.#pool;
    return this.#call("ensureContent", signal, () =>
      this.#uploads.run(content.volume, AbortSignal.any([signal, this.#lost.signal]), (stop) =>
        pool.upload(content, stop),
      ),
    );
  }

  ensureVolume(spec: VolumeSpec, signal: AbortSignal): Promise<void> {
    return this.#call("ensureVolume", signal, () => this.#pool.ensure(spec));
  }

  deleteVolume(volume: string, signal: AbortSignal): Promise<void> {
    return this.#call("deleteVolume", signal, () => {
      checkVolumeName(volume);
      this.#pool.delete(volume);
    });
  }

  /** The domain with our UUID, if any; throws when it is not ours or is busy. */
  #find(mark: OwnershipMark): FakeDomain | undefined {
    const domain = this.#host.findDomain(mark.uid);
    if (domain === undefined) return undefined;
    if (!sameOwner(mark, domain.observed.mark)) throw foreignDomain(mark, domain.observed);
    if (domain.busy) throw invalid(domain, "is busy: another job holds its lock");
    return domain;
  }

  #need(mark: OwnershipMark): FakeDomain {
    const domain = this.#find(mark);
    if (domain !== undefined) return domain;
    throw new StatusError("NotFound", `host ${this.#host.name} has no domain with UUID ${mark.uid}`);
  }

  get #pool(): FakePool {
    return this.#host.pool(this.#clusterId);
  }

  #call<T>(verb: FakeVerb, signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
    return this.#calls.call(verb, signal, work);
  }
}

function invalid(domain: FakeDomain, what: string): StatusError {
  return new StatusError("OperationInvalid", `domain "${domain.domainName}" ${what}`);
}
