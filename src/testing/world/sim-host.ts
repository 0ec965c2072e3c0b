import type { FakeHost } from "../../drivers/fake/fake-host.ts";
import type { Network } from "./network.ts";

/** What a host knows of a link to it. */
export interface HostLinkEnd {
  /** Something about the host or the way to it has changed. */
  lookAround(): void;
  /** The daemon reads again. */
  serve(): void;
}

/** What the service libvirt-guests does with guests that ran when the host went down in good order. */
export type GuestService = "nothing" | "start";

/**
 * A host with its daemon: the ground truth is the FakeHost, around it is what libvirt, power and the network
 * do to whoever asks for it.
 */
export class SimHost {
  readonly fake: FakeHost;
  readonly network: Network;
  readonly links = new Set<HostLinkEnd>();
  guestService: GuestService = "nothing";
  /** How long the daemon takes for everything. */
  slowMs = 0;
  /** Its pool has no room for another volume. */
  isPoolFull = false;
  /** The answer to the next call of this verb, or to the next that changes something, does not arrive. */
  loseNextReply: string | boolean = false;
  #boot = 1;
  #daemonRun = 1;
  #isFrozen = false;

  constructor(fake: FakeHost, network: Network) {
    this.fake = fake;
    this.network = network;
  }

  get name(): string {
    return this.fake.name;
  }

  /** Counts power-ons: a link from before the last one is dead. */
  get boot(): number {
    return this.#boot;
  }

  /** Counts starts of the daemon: what it had in hand before is forgotten. */
  get daemonRun(): number {
    return this.#daemonRun;
  }

  /** The daemon accepts and never answers. */
  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  freeze(): void {
    this.#isFrozen = true;
    this.#tellLinks();
  }

  /** It goes on with what it was asked meanwhile. */
  thaw(): void {
    this.#isFrozen = false;
    this.#tellLinks();
    for (const link of [...this.links]) link.serve();
  }

  /** Guests live on, links end, calls in hand are forgotten or half done. */
  restartDaemon(): void {
    this.#daemonRun += 1;
    this.#isFrozen = false;
    this.fake.dropLinks("libvirtd restarted");
    this.#tellLinks();
  }

  powerOff(): void {
    if (!this.fake.powered) return;
    this.#daemonRun += 1;
    this.fake.powerOff();
    this.#tellLinks();
  }

  /** `resurrected`: what the service libvirt-guests, if it is so set, starts again. */
  powerOn(resurrected: readonly string[] = []): void {
    if (this.fake.powered) return;
    this.#boot += 1;
    this.#isFrozen = false;
    this.fake.powerOn();
    if (this.guestService === "start") {
      for (const uid of resurrected) {
        const domain = this.fake.findDomain(uid);
        if (domain?.active === false && domain.startFailure === undefined) domain.start();
      }
    }
    this.#tellLinks();
  }

  /** All that was wrong with it ends. */
  heal(): void {
    this.slowMs = 0;
    this.isPoolFull = false;
    this.loseNextReply = false;
    this.thaw();
    this.powerOn();
    for (const domain of this.fake.domains) Object.assign(domain, { busy: false, startFailure: undefined });
  }

  #tellLinks(): void {
    for (const link of [...this.links]) link.lookAround();
  }
}
