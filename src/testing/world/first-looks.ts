import { findCondition } from "../../schema/conditions.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import type { Process } from "./process.ts";
import type { World } from "./world.ts";

/** For so long nothing is placed unseen: five seconds by a clock that may be fast. */
const patienceMs = 4_000;

/** What is known of one controller since its start. */
interface Start {
  readonly process: Process;
  readonly atMs: number;
  /** By name the uids of Hosts that answered when this controller was started. */
  readonly expected: ReadonlyMap<string, string | undefined>;
  /** Addresses where it has looked, where it lost a link, or to which it could not connect. */
  readonly settled: Set<string>;
}

/**
 * S11: after a start nothing is decided that depends on what is on all hosts until each that answered before
 * has been looked at, or does not answer now. One controller at a time: what another one has seen before it
 * took over is not known here.
 */
export class FirstLooks {
  readonly #world: World;
  #start: Start | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  started(process: Process): void {
    const hosts = [...this.#world.audit.hosts.values()].filter(
      ({ status }) => findCondition(status?.conditions, "Unreachable")?.status === "False",
    );
    const expected = new Map(hosts.map(({ metadata }) => [metadata.name, metadata.uid]));
    const { elapsedMs: atMs } = this.#world.time;
    this.#start = { process, atMs, expected, settled: new Set() };
  }

  /** A look at everything on a host was answered, or the link to it has ended: where its address is now. */
  saw(process: Process, hostName: string): void {
    if (process !== this.#start?.process) return;
    for (const { spec } of this.#world.audit.hosts.values())
      if (this.#world.driverParts.resolve(spec.uri)?.name === hostName) this.#start.settled.add(spec.uri);
  }

  /** An attempt to connect has failed. */
  gaveUp(process: Process, uri: string): void {
    if (process === this.#start?.process) this.#start.settled.add(uri);
  }

  /** The machine was given a host; `isMoved`: without the one that it had being asked. */
  placed({ metadata, status }: VirtualMachine, isMoved: boolean): void {
    const { isShared, time } = this.#world;
    const start = this.#start;
    if (isShared || start === undefined || !start.process.isAlive) return;
    if (!isMoved && time.elapsedMs - start.atMs > patienceMs) return;
    const open = [...start.expected.keys()].find((name) => this.#isOpen(start, name));
    if (open === undefined) return;
    const what = `${metadata.name} is given ${status?.hostName} before the first look at ${open}`;
    this.#world.complain("S11", what);
  }

  #isOpen({ expected, settled }: Start, name: string): boolean {
    const { audit, driverParts } = this.#world;
    const host = audit.hosts.get(name);
    if (host === undefined || host.metadata.uid !== expected.get(name)) return false;
    const { uri } = host.spec;
    return !settled.has(uri) && driverParts.resolve(uri) !== undefined;
  }
}
