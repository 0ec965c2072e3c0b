import { within } from "../../runtime/abort.ts";
import type { ObservedDomain } from "../driver.ts";
import { domainRef } from "./domain-cache.ts";
import { domainState } from "./domain-state.ts";
import type { HostLinks } from "./host-links.ts";
import { errorCode, isLibvirtError } from "./rpc/errors.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { connectCalls, statsGroup } from "./rpc/procedures-connect.ts";
import { domainCalls } from "./rpc/procedures-domain.ts";
import { type DomainStats, paramMap } from "./rpc/types.ts";

export type StateWords = Pick<ObservedDomain, "state" | "reason">;

/** Where states are asked for, and how time passes meanwhile. */
export type StateLinks = Pick<HostLinks, "call" | "clock">;

type Reading = PromiseWithResolvers<StateWords | undefined>;

const mostAtOnce = 128;

/** Far more than a daemon needs to tell states: one of the domains is held by something that hangs. */
const patienceMs = 250;

/**
 * Reads the states of single domains. What is asked for while the daemon answers is asked in one call when it
 * has: each answer is of a call that began after the question. A domain that keeps the daemon waiting holds
 * up those that were asked for with it only for a moment; then they are asked for one by one.
 */
export class StateReader {
  readonly #links: StateLinks;
  #waiting = new Map<string, Reading>();
  #isAsking = false;

  constructor(links: StateLinks) {
    this.#links = links;
  }

  /** The state of one domain; undefined when there is none of this UUID. */
  read(uid: string): Promise<StateWords | undefined> {
    const reading = this.#waiting.get(uid) ?? Promise.withResolvers();
    this.#waiting.set(uid, reading);
    if (!this.#isAsking) void this.#askAll();
    return reading.promise;
  }

  /** Never throws: what fails is told to those who wait. */
  async #askAll(): Promise<void> {
    this.#isAsking = true;
    await undefined; // all of this turn together
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, mostAtOnce);
      for (const [uid] of batch) this.#waiting.delete(uid);
      const asked = batch.length === 1 ? this.#askEach(batch) : this.#askTogether(batch);
      const answered = await within(this.#links.clock, patienceMs, asked);
      if (answered === undefined && batch.length > 1) void this.#askEach(batch);
    }
    this.#isAsking = false;
  }

  /** True when all have been answered. */
  async #askTogether(batch: readonly (readonly [uid: string, reading: Reading])[]): Promise<true> {
    try {
      const args = { domains: batch.map(([uid]) => domainRef(uid)), groups: statsGroup.state, flags: 0 };
      const { records } = await this.#links.call(connectCalls.getAllDomainStats, args, {}, "control");
      const states = new Map(records.map((record) => [record.domain.uuid, stateOf(record)]));
      for (const [uid, { resolve }] of batch) resolve(states.get(uid));
    } catch {
      await this.#askEach(batch);
    }
    return true;
  }

  async #askEach(batch: readonly (readonly [uid: string, reading: Reading])[]): Promise<true> {
    await Promise.all(batch.map(([uid, reading]) => this.#ask(uid, reading)));
    return true;
  }

  async #ask(uid: string, { resolve, reject }: Reading): Promise<void> {
    try {
      resolve(await readState(this.#links, uid, {}));
    } catch (error) {
      if (isLibvirtError(error, errorCode.noDomain)) resolve(undefined);
      else reject(error);
    }
  }
}

/** The state of one domain, asked for alone. */
export async function readState(
  links: Pick<HostLinks, "call">,
  uid: string,
  options: CallOptions,
): Promise<StateWords> {
  const args = { domain: domainRef(uid), flags: 0 };
  const { state, reason } = await links.call(domainCalls.getState, args, options);
  return domainState(state, reason);
}

/** Of a record that was asked for with the group of the state. */
export function stateOf(record: DomainStats): StateWords {
  const values = paramMap(record.params);
  return domainState(Number(values.get("state.state")), Number(values.get("state.reason")));
}
