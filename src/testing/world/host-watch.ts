import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import { type VirtualMachine, virtualMachineFinalizer } from "../../schema/virtual-machine.ts";
import { mutatingVerbs } from "../intercept-driver.ts";
import { isHost, isMachine, isVolume } from "./audit.ts";
import { checkCopies, isPast } from "./copies.ts";
import { FirstLooks } from "./first-looks.ts";
import { LateOrders } from "./late-orders.ts";
import { LeftCopies } from "./left-copies.ts";
import { Placements } from "./placements.ts";
import type { Process } from "./process.ts";
import { Rooms } from "./rooms.ts";
import type { CallWitness, WatchedCall } from "./sim-driver.ts";
import type { SimHost } from "./sim-host.ts";
import type { World } from "./world.ts";

/** A domain right before a call takes effect on it. */
interface Before {
  readonly observed: FakeDomain["observed"] | undefined;
  readonly starts: number;
}

const diskVolume = /^vm-([0-9a-f-]{36})-/;
const ownVolume = /^volume-([0-9a-f-]{36})\./;
const contentVolume = /^image-[0-9a-f]{40}\./;

/**
 * Watches over what the controllers do to hosts, on the ground truth: S1 to S8. Every change of a domain,
 * every call that is sent and every call that takes effect is looked at.
 */
export class HostWatch implements CallWitness {
  readonly #world: World;
  /** Volumes, by host, that a guest has run with. */
  readonly #used = new Set<string>();
  /** By uid: the hosts on which it has a process. */
  readonly #active = new Map<string, Set<string>>();
  /** How often the controllers have started a machine. */
  readonly #starts = new Map<string, number>();
  readonly #before = new WeakMap<WatchedCall, Before>();
  readonly #rooms: Rooms;
  readonly placements: Placements;
  readonly lateOrders: LateOrders;
  readonly leftCopies: LeftCopies;
  readonly firstLooks: FirstLooks;
  /** Told of a domain when an event about it reaches a controller. */
  onHint: (domain: FakeDomain) => void = () => {};
  /** Calls that changed something on hosts. */
  mutations = 0;
  /** Calls that looked at everything on a host. */
  looks = 0;

  constructor(world: World) {
    this.#world = world;
    this.#rooms = new Rooms(world);
    this.firstLooks = new FirstLooks(world);
    this.lateOrders = new LateOrders(world);
    this.leftCopies = new LeftCopies(world);
    this.placements = new Placements(world, this.firstLooks);
    world.audit.listen((resource, { current }) => {
      if (isMachine(resource)) this.#rooms.machine(resource, current === undefined);
      const isOver = current === undefined && (isMachine(resource) || isVolume(resource));
      if (isOver) this.lateOrders.letGo(resource.metadata.uid ?? "");
      if (isHost(resource)) this.#rooms.host(resource.metadata.name, resource.status?.allocatable);
    });
  }

  watchHost(host: SimHost): void {
    host.fake.witness = (domain) => this.#changed(host, domain);
  }

  startsOf(uid: string): number {
    return this.#starts.get(uid) ?? 0;
  }

  /** The hosts on which the machine has a process. */
  activeOn(uid: string): readonly string[] {
    return [...(this.#active.get(uid) ?? [])];
  }

  sent(call: WatchedCall): void {
    const { process, host, verb, args } = call;
    const what = `${verb} ${uidIn(args[0]) ?? nameIn(args[0])}`;
    this.#world.rates.seen(`${process.name} ${host.name} ${what}`, () => `${host.name} is asked to ${what}`);
    if (call.verb === "observe") this.looks += 1;
    if (!mutatingVerbs.has(call.verb)) return;
    this.mutations += 1;
    this.#checkLead(call);
    const uid = uidIn(call.args[0]);
    if (call.verb === "startDomain" && uid !== undefined) this.#checkPlacement(call, uid);
    if (call.verb === "undefineDomain" && uid !== undefined) this.#checkIntent(call, uid);
    if (call.verb === "deleteVolume") this.#checkDeletion(call, String(call.args[0]));
  }

  executing(call: WatchedCall): void {
    if (!mutatingVerbs.has(call.verb)) return;
    const uid = uidIn(call.args[0]);
    const domain = uid === undefined ? undefined : call.host.fake.findDomain(uid);
    this.#before.set(call, { observed: domain?.observed, starts: domain?.starts ?? 0 });
  }

  givenUp(call: WatchedCall): void {
    this.lateOrders.givenUp(call);
  }

  gaveUp(process: Process, uri: string): void {
    this.firstLooks.gaveUp(process, uri);
  }

  lost(process: Process, { name }: SimHost): void {
    this.firstLooks.saw(process, name);
  }

  executed(call: WatchedCall): void {
    const { host, verb, args } = call;
    if (verb === "observe") this.firstLooks.saw(call.process, host.name);
    if (!mutatingVerbs.has(verb)) return;
    if (verb === "deleteVolume") this.#used.delete(`${host.name}/${String(args[0])}`);
    const uid = uidIn(args[0]);
    const [, owner = ""] = diskVolume.exec(nameIn(args[0])) ?? ownVolume.exec(nameIn(args[0])) ?? [];
    this.lateOrders.carriedOut(call, uid ?? owner);
    const domain = uid === undefined ? undefined : host.fake.findDomain(uid);
    this.#world.note(`${host.name} ${verb} ${uid ?? nameIn(args[0])}`);
    const { observed, starts = 0 } = this.#before.get(call) ?? {};
    const isForeign = observed !== undefined && observed.mark?.clusterId !== this.#world.clusterId;
    if (isForeign && domain?.observed !== observed) {
      this.#world.complain("S2", `${verb} changed the foreign domain ${observed.domainName} on ${host.name}`);
    }
    if (verb === "startDomain" && uid !== undefined && (domain?.starts ?? 0) > starts) this.#started(uid);
  }

  #changed({ name }: SimHost, domain: FakeDomain): void {
    const { uid, observed } = domain;
    this.#world.note(`${name} domain ${uid} ${observed.state} ${observed.reason}`);
    const hosts = this.#active.get(uid) ?? new Set();
    if (domain.active && !hosts.has(name))
      for (const { volume } of observed.definition?.disks ?? []) this.#used.add(`${name}/${volume}`);
    if (domain.active) hosts.add(name);
    else hosts.delete(name);
    this.#active.set(uid, hosts);
    if (hosts.size > 1) checkCopies(this.#world, domain, [...hosts]);
    if (domain.active) this.#checkDisks(name, domain);
    for (const { volume } of domain.volumes) this.#checkVolume(volume, domain);
  }

  #checkVolume(volume: string, domain: FakeDomain): void {
    for (const { fake } of this.#world.hosts.values()) {
      for (const other of fake.domains) {
        if (other === domain || !other.active || !other.volumes.some((held) => held.volume === volume))
          continue;
        this.#world.complain("S3", `${volume} is a disk of ${other.domainName} and ${domain.domainName}`);
      }
    }
  }

  #checkDisks(hostName: string, domain: FakeDomain): void {
    const disks = domain.observed.definition?.disks ?? [];
    if (disks.length === 0) return;
    for (const other of this.#world.host(hostName).fake.domains) {
      if (other === domain || !other.active) continue;
      const shared = other.observed.definition?.disks.find(({ volume }) =>
        disks.some((disk) => disk.volume === volume),
      );
      if (shared !== undefined) {
        this.#world.complain(
          "S3",
          `${shared.volume} is a disk of ${other.domainName} and ${domain.domainName}`,
        );
      }
    }
  }

  #checkLead({ process, verb, host }: WatchedCall): void {
    const why = this.#world.whyNotLeading(process);
    if (why !== undefined) this.#world.complain("S7", `${process.name} sent ${verb} to ${host.name}: ${why}`);
  }

  /** A start needs a placement that is written down: on this host, with the epoch that the domain carries. */
  #checkPlacement({ host, args }: WatchedCall, uid: string): void {
    const vm = this.#world.audit.machines.get(uid);
    const where = `start of ${uid} on ${host.name}`;
    if (vm === undefined) {
      this.#world.complain("S5", `${where}: the store has no such machine`);
      return;
    }
    const { hostName, hostUuid, placementEpoch } = vm.status ?? {};
    const named = hostName === undefined ? undefined : this.#world.audit.hosts.get(hostName)?.spec.uri;
    const isThere =
      hostUuid === host.fake.facts.hostUuid ||
      (named !== undefined && this.#world.driverParts.resolve(named) === host);
    if (!isThere) this.#world.complain("S5", `${where}: it is written down for ${hostName}`);
    const epoch = epochIn(args[0]);
    if (epoch !== placementEpoch) {
      this.#world.complain("S5", `${where}: with epoch ${epoch}, written down is ${placementEpoch}`);
    }
  }

  #checkIntent({ host, verb }: WatchedCall, uid: string): void {
    const vm = this.#world.audit.machines.get(uid);
    if (vm === undefined || isGoing(vm) || isPast(vm, host)) return;
    this.#world.complain("S8", `${verb} of ${vm.metadata.name} on ${host.name}: nobody has deleted it`);
  }

  #checkDeletion({ host, verb }: WatchedCall, volume: string): void {
    const uid = diskVolume.exec(volume)?.[1];
    if (uid !== undefined) {
      const vm = this.#world.audit.machines.get(uid);
      if (vm === undefined && !this.#world.audit.gone.has(uid)) {
        this.#world.complain("S2", `${verb} of ${volume} on ${host.name}: nobody knows whose it is`);
      }
      if (vm !== undefined && !isGoing(vm)) {
        this.#world.complain("S8", `${verb} of ${volume} on ${host.name}: nobody has deleted its machine`);
      }
      // Who only leaves a host takes nothing along.
      const isUsed = this.#used.has(`${host.name}/${volume}`);
      if (vm !== undefined && vm.metadata.deletionTimestamp === undefined && isUsed) {
        this.#world.complain("S8", `${verb} of ${volume} on ${host.name}: its machine has run with it`);
      }
      return;
    }
    const own = ownVolume.exec(volume)?.[1];
    if (own !== undefined) {
      this.#checkOwnVolume(host, own, volume);
      return;
    }
    if (!contentVolume.test(volume)) {
      this.#world.complain("S2", `${verb} of ${volume} on ${host.name}: it is not ours`);
      return;
    }
    const overlays = host.fake.pool(this.#world.clusterId).overlaysOf(volume);
    if (overlays.length > 0) {
      this.#world.complain("S8", `${verb} of ${volume} on ${host.name}: ${overlays[0]} stands on it`);
    }
  }

  /** A copy may go, and what was deleted; never the data itself. */
  #checkOwnVolume(host: SimHost, uid: string, name: string): void {
    const volume = this.#world.audit.volumes.get(uid);
    if (volume === undefined || volume.metadata.deletionTimestamp !== undefined) return;
    const { hostUuid, capacityBytes } = volume.status ?? {};
    if (hostUuid !== host.fake.facts.hostUuid || capacityBytes === undefined) return;
    this.#world.complain(
      "S8",
      `deleteVolume of ${name} on ${host.name}: the data is there and nobody deleted it`,
    );
  }

  #started(uid: string): void {
    const count = this.startsOf(uid) + 1;
    this.#starts.set(uid, count);
    const vm = this.#world.audit.machines.get(uid);
    // Machines of this name are never edited and nobody asks for a start: one run, whatever happens.
    if (count > 1 && vm?.metadata.name.startsWith("once-") === true) {
      this.#world.complain("S6", `${vm.metadata.name} is to run once and was started ${count} times`);
    }
  }
}

/** It is to go, or to leave its host, and that is written down. */
function isGoing({ metadata, status }: VirtualMachine): boolean {
  const isLetGo = !metadata.finalizers?.includes(virtualMachineFinalizer);
  return metadata.deletionTimestamp !== undefined || isLetGo || status?.leaving !== undefined;
}

function uidIn(target: unknown): string | undefined {
  if (typeof target !== "object" || target === null) return undefined;
  if ("mark" in target) return uidIn(target.mark);
  return "uid" in target && typeof target.uid === "string" ? target.uid : undefined;
}

function epochIn(target: unknown): unknown {
  return typeof target === "object" && target !== null && "epoch" in target ? target.epoch : undefined;
}

function nameIn(target: unknown): string {
  if (typeof target === "string") return target;
  return typeof target === "object" && target !== null && "volume" in target ? String(target.volume) : "";
}
