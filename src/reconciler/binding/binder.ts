import type { Clock } from "../../runtime/clock.ts";
import { deepEqual } from "../../runtime/equal.ts";
import { type Decided, decide } from "../../scheduler/decide.ts";
import type { Profile } from "../../scheduler/framework.ts";
import type { HostState } from "../../scheduler/host-state.ts";
import { resourcesFit } from "../../scheduler/plugins/resources-fit.ts";
import type { PlacementRequest } from "../../scheduler/request.ts";
import { type PlacedMachine, Snapshot } from "../../scheduler/snapshot.ts";
import type { Decision } from "../../schema/decision.ts";
import type { Resources } from "../../schema/host.ts";
import type { PlacementAnswer, Placer } from "../virtual-machine/context.ts";
import type { Ledger } from "../volume/room.ts";
import { atLeast } from "./at-least.ts";
import { DecisionNumbers } from "./decision-numbers.ts";
import { HostFailures } from "./host-failures.ts";
import { hostsThatFit } from "./hosts-that-fit.ts";
import { isWithin } from "./is-within.ts";
import { Nominations } from "./nominations.ts";
import { OldRooms } from "./old-rooms.ts";
import { Profiles } from "./profiles.ts";
import { compareTurns, dependsOnOthers, kindOfTurn, type Turn } from "./turn.ts";

export interface BinderOptions {
  readonly clock: Pick<Clock, "after" | "now" | "drained">;
  /** For machines whose request names no policy. */
  readonly defaultProfile: Profile;
  /** Called when there may be news for a waiting machine: its host, or another reason why it has none. */
  readonly onNews: (uid: string) => void;
  /** Whether machines may be stopped to make room for others; always, if absent. */
  readonly mayPreempt?: () => boolean;
}

interface Asked extends Turn {
  readonly answer: (answer: PlacementAnswer) => void;
}

interface Waiting extends Turn {
  readonly message: string;
}

/** What comes free comes free in bursts. */
const gatherMs = 50;
/** Kinds of machines for which one cycle finds out what would make them fit: that takes long. */
const suggestionsMax = 4;

/**
 * Gives hosts to machines, one after another: those of higher priority first, of one priority those that came
 * first. A decision is claimed in the snapshot in the same turn, before anybody has been told, so that no
 * room is promised twice. Machines for which there is no host wait here and are tried again, in their order,
 * when something has changed; nothing else is done for them meanwhile.
 */
export class Binder implements Placer, Ledger {
  readonly #options: BinderOptions;
  readonly #snapshot = new Snapshot();
  readonly #profiles: Profiles;
  readonly #numbers: DecisionNumbers;
  #asked: Asked[] = [];
  readonly #waiting = new Map<string, Waiting>();
  /** Waiting machines that got a host and have not come for it yet. */
  readonly #claims = new Map<string, PlacementAnswer>();
  readonly #failures = new HostFailures();
  readonly #nominations = new Nominations(this.#snapshot);
  readonly #oldRooms = new OldRooms(this.#snapshot);
  #isCycleDue = false;
  #hasChanged = false;

  constructor(options: BinderOptions) {
    this.#options = options;
    this.#profiles = new Profiles(options.defaultProfile);
    this.#numbers = new DecisionNumbers(options.clock);
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  place(turn: Turn): Promise<PlacementAnswer> {
    const { uid } = turn.request;
    this.#waiting.delete(uid);
    const claim = this.#claims.get(uid);
    this.#claims.delete(uid);
    const isAsClaimed = deepEqual(this.#snapshot.placed(uid)?.request, turn.request);
    if (claim !== undefined && isAsClaimed) return Promise.resolve(claim);
    this.#restore(uid, turn.placed);
    return new Promise((answer) => {
      this.#asked.push({ ...turn, answer });
      this.#cycleSoon();
    });
  }

  reserve(uid: string, hostName: string, resources: Resources): string | undefined {
    const placed = this.#snapshot.placed(uid);
    const row = this.#snapshot.hosts.rowOf(hostName);
    if (placed === undefined || row === undefined || this.#snapshot.host(hostName) === undefined)
      return "gone";
    const before = placed.hostName === hostName ? placed.request.resources : resources;
    // What it gives up is free when that is written down.
    if (isWithin(resources, before) && placed.hostName === hostName) return undefined;
    this.#snapshot.forget(uid);
    const request = { ...placed.request, resources };
    const refusal = resourcesFit.prepare(request, this.#snapshot)?.refusal(row);
    const kept = { ...request, resources: atLeast(resources, before) };
    this.#snapshot.assume(refusal === undefined ? kept : placed.request, placed.hostName);
    return refusal;
  }

  noteWritten(uid: string, hostName: string, resources: Resources): void {
    const placed = this.#snapshot.placed(uid);
    if (placed?.hostName !== hostName || this.#claims.has(uid)) return;
    if (this.#oldRooms.end(uid)) this.#changed();
    if (deepEqual(placed.request.resources, resources)) return;
    this.#snapshot.assume({ ...placed.request, resources }, hostName);
    this.#changed();
  }

  preemptionOf(uid: string): Decision | undefined {
    const message = this.#nominations.reasonAgainst(uid);
    if (message === undefined) return undefined;
    return { ...this.#numbers.head(), type: "Preempted", policy: "", message, hosts: 0, feasible: 0 };
  }

  stay(request: PlacementRequest, hostName: string): void {
    this.#waiting.delete(request.uid);
    this.#claims.delete(request.uid);
    this.#restore(request.uid, { request, hostName });
    if (this.#nominations.end(request.uid)) this.#changed();
  }

  release(uid: string): void {
    this.#nominations.end(uid);
    this.#waiting.delete(uid);
    this.#claims.delete(uid);
    this.#forget(uid);
  }

  hasAlternative(uid: string, hostNames: readonly string[]): boolean {
    const placed = this.#snapshot.placed(uid);
    if (placed === undefined) return false;
    const names = hostsThatFit(placed.request, this.profileOf(placed.request), this.#snapshot);
    return names.some((name) => !hostNames.includes(name));
  }

  noteStart(hostName: string, outcome: "started" | "failed"): void {
    this.#failures.note(hostName, outcome, this.#options.clock.now());
    const host = this.#snapshot.host(hostName);
    if (host !== undefined) this.setHost({ ...host });
  }

  nextSequence(): number {
    return this.#numbers.next();
  }

  /** Takes in a machine that has a host, or what has changed about it. */
  assume(request: PlacementRequest, hostName: string): void {
    this.#snapshot.assume(request, hostName);
    if (this.#waiting.size > 0) this.#changed();
  }

  /** Takes in a host, or what has changed about it. */
  setHost(state: Omit<HostState, "failures">): void {
    const host = { ...state, failures: this.#failures.of(state.name, this.#options.clock.now()) };
    if (deepEqual(this.#snapshot.host(state.name), host)) return;
    this.#snapshot.setHost(host);
    this.#changed();
  }

  hold(key: string, hostName: string | undefined, resources: Resources): void {
    this.#snapshot.hold(key, hostName, resources);
    this.#changed();
  }

  promisedDiskBytes(hostName: string): number {
    const { hosts } = this.#snapshot;
    return hosts.columns.promisedDisk[hosts.rowOf(hostName) ?? -1] ?? 0;
  }

  removeHost(name: string): void {
    this.#snapshot.removeHost(name);
    this.#changed();
  }

  /** After a start: what was decided before, so that counting and rotation go on from there. */
  resume(decisions: readonly Decision[]): void {
    this.#numbers.resume(decisions);
  }

  /** What a machine was promised and has not written down is void. */
  #restore(uid: string, placed: PlacedMachine | undefined): void {
    const known = this.#snapshot.placed(uid);
    if (this.#oldRooms.end(uid)) this.#changed();
    if (placed === undefined) this.#forget(uid);
    else if (known?.hostName !== placed.hostName || !deepEqual(known.request, placed.request))
      this.assume(placed.request, placed.hostName);
  }

  #forget(uid: string): void {
    if (this.#oldRooms.end(uid)) this.#changed();
    if (this.#snapshot.placed(uid) === undefined) return;
    this.#snapshot.forget(uid);
    this.#changed();
  }

  #changed(): void {
    if (this.#hasChanged) return;
    this.#hasChanged = true;
    if (this.#waiting.size > 0) this.#options.clock.after(gatherMs, () => this.#cycle());
  }

  /** Those whom one event lets ask are taken together, in order, and in time for the store's next commit. */
  #cycleSoon(): void {
    if (this.#isCycleDue) return;
    this.#isCycleDue = true;
    void this.#options.clock.drained().then(() => this.#cycle());
  }

  #cycle(): void {
    this.#isCycleDue = false;
    const lastHost = this.#numbers.takeLastHost();
    if (lastHost !== undefined) this.#snapshot.noteUsed(lastHost);
    const asked = this.#asked;
    this.#asked = [];
    // What has been refused is refused until something changes.
    const again = this.#hasChanged ? [...this.#waiting.values()] : [];
    this.#hasChanged = false;
    const refused = new Map<string, Decided>();
    let isChange = false;
    for (const turn of [...asked, ...again].sort(compareTurns)) {
      const answer = this.#settle(turn, this.#decide(turn, refused));
      isChange ||= answer.type === "placed";
      if ("answer" in turn) turn.answer(answer);
      else this.#tell(turn, answer);
    }
    // A machine may have been waiting for just the one that has been placed now.
    if (isChange && [...this.#waiting.values()].some(({ request }) => dependsOnOthers(request)))
      this.#changed();
  }

  /** Machines that ask for the same are refused for the same reasons, until a cycle is over. */
  #decide(turn: Turn, refused: Map<string, Decided>): Decided {
    const { request } = turn;
    const kind = refused.size === 0 ? undefined : kindOfTurn(turn);
    const known = kind === undefined ? undefined : refused.get(kind);
    if (known !== undefined) return known;
    const withSuggestions = refused.size < suggestionsMax;
    const decided = this.#nominations.asSeenBy(request, () =>
      this.#snapshot.without(request.uid, (snapshot) =>
        decide(request, snapshot, this.profileOf(request), { withSuggestions }),
      ),
    );
    if (decided.placement.type === "unschedulable") {
      refused.set(kindOfTurn(turn) ?? request.uid, decided);
    }
    return decided;
  }

  /** Claims what was decided, or has the machine wait. */
  #settle({ request, revision }: Turn, { placement, grounds }: Decided): PlacementAnswer {
    const head = this.#numbers.head();
    if (placement.type === "placed") {
      const { hostName } = placement;
      this.#nominations.end(request.uid);
      this.#oldRooms.keepIfLeft(request.uid, hostName);
      this.#snapshot.assume(request, hostName);
      this.#snapshot.noteUsed(hostName);
      return { type: "placed", hostName, decision: { ...head, type: "Placed", ...grounds } };
    }
    const nominated = this.#makeRoom(request);
    const message = `${placement.message}${nominated}`;
    const type = nominated === "" ? "Unschedulable" : "Preempting";
    const before = this.#waiting.get(request.uid);
    if (before?.message !== message) this.#waiting.set(request.uid, { request, revision, message });
    return { type: "unschedulable", message, decision: { ...head, ...grounds, type, message } };
  }

  /** Has machines of lower priority make room, and says so; nothing when none can. */
  #makeRoom(request: PlacementRequest): string {
    if (this.#options.mayPreempt?.() === false) return "";
    const made = this.#nominations.make(request, this.profileOf(request));
    if (made === undefined) return "";
    const { hostName, victims } = made.nomination;
    if (made.isNew) for (const uid of victims) this.#options.onNews(uid);
    return `; on ${hostName} ${victims.size} of lower priority make room`;
  }

  /** A machine that has waited hears only what is news to it. */
  #tell({ request: { uid }, message }: Waiting, answer: PlacementAnswer): void {
    if (answer.type === "unschedulable" && answer.message === message) return;
    if (answer.type === "placed") {
      this.#waiting.delete(uid);
      this.#claims.set(uid, answer);
    }
    this.#options.onNews(uid);
  }

  /** How a host is chosen for the machine. */
  profileOf(request: PlacementRequest): Profile {
    return this.#profiles.of(request);
  }
}
