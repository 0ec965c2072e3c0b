import type { HostConnection, ObservedDomain, OwnershipMark } from "../../drivers/driver.ts";
import { keyOf } from "../../schema/meta.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import type { HostSession } from "./host-session.ts";

export interface SecondLookOptions {
  readonly store: Pick<Store, "get">;
  /** The machine with this uid, as last heard of. */
  readonly machineOf: (uid: string) => VirtualMachine | undefined;
}

/** The host on which domains are looked at. */
export interface LookedAt {
  readonly session: HostSession;
  readonly connection: HostConnection;
  readonly signal: AbortSignal;
}

/** A domain with a mark, and its machine as it is written down, if there is one. */
export interface SecondLook {
  readonly domain: ObservedDomain;
  readonly mark: OwnershipMark;
  readonly vm: VirtualMachine | undefined;
}

/**
 * Calls `act` with each of these domains after one more look at it and at what is written down, in a place of
 * its own. Those that are gone by then are left out, as are those for which the host has no place now.
 */
export async function lookAgain(
  domains: readonly ObservedDomain[],
  { store, machineOf }: SecondLookOptions,
  { session, connection, signal }: LookedAt,
  act: (look: SecondLook) => Promise<void>,
): Promise<void> {
  for (const { uid } of domains) {
    if (!session.places.enter(uid)) continue;
    try {
      const known = machineOf(uid);
      const vm = known === undefined ? undefined : await store.get(VirtualMachineKind, keyOf(known));
      session.doubt(uid);
      const domain = await session.domain(connection, uid, signal);
      if (domain?.mark !== undefined) await act({ domain, mark: domain.mark, vm });
    } finally {
      session.places.leave(uid);
    }
  }
}
