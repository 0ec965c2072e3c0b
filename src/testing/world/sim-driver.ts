import type { ConnectOptions, Driver, HostConnection } from "../../drivers/driver.ts";
import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import { UnreachableError } from "../../drivers/unreachable.ts";
import type { FaultLedger } from "./fault-ledger.ts";
import type { Process } from "./process.ts";
import type { SimClock } from "./sim-clock.ts";
import type { SimHost } from "./sim-host.ts";
import { SimLink } from "./sim-link.ts";
import type { Stream } from "./stream.ts";

/** One call of a verb, as those see it who watch over hosts. */
export interface WatchedCall {
  readonly process: Process;
  readonly host: SimHost;
  readonly verb: string;
  readonly args: readonly unknown[];
}

/** Is told of every call: when it is sent, and right before and after it takes effect. */
export interface CallWitness {
  sent(call: WatchedCall): void;
  executing(call: WatchedCall): void;
  executed(call: WatchedCall): void;
  /** Its answer is not waited for any more; it may still be carried out. */
  givenUp(call: WatchedCall): void;
  /** An attempt to connect has failed. */
  gaveUp(process: Process, uri: string): void;
  /** A link has ended. */
  lost(process: Process, host: SimHost): void;
  /** An event about this domain has reached a controller. */
  onHint(domain: FakeDomain): void;
}

export interface SimDriverOptions {
  readonly process: Process;
  readonly time: SimClock;
  /** The host that answers under an address now. */
  readonly resolve: (uri: string) => SimHost | undefined;
  readonly faults: FaultLedger;
  readonly stream: Stream;
  readonly witness: CallWitness;
}

/** How long a connection attempt may take when nobody answers. */
const connectDeadlineMs = 30_000;

/** A driver whose hosts are simulated, with everything that can happen on the way to them. */
export class SimDriver implements Driver {
  readonly #options: SimDriverOptions;

  constructor(options: SimDriverOptions) {
    this.#options = options;
  }

  connect({ uri, clusterId, signal }: ConnectOptions): Promise<HostConnection> {
    const { process, resolve: find, witness } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<HostConnection>();
    const fail = (why: string): void =>
      reject(new UnreachableError("Timeout", `cannot connect to ${uri}: ${why}`));
    const timer = process.clock.after(connectDeadlineMs, () => fail("not connected within 30 s"));
    const onAbort = (): void => fail("the attempt was given up");
    let isWaiting = true;
    signal.addEventListener("abort", onAbort);
    const over = promise.finally(() => {
      isWaiting = false;
      timer.cancel();
      signal.removeEventListener("abort", onAbort);
    });
    const host = find(uri);
    if (signal.aborted) onAbort();
    else if (host === undefined) process.clock.after(1, () => fail("nobody has this address"));
    else {
      this.#knock(host, () => {
        // The address has moved to another host meanwhile: packets from this one reach nobody.
        if (!isWaiting || find(uri) !== host) return;
        try {
          resolve(new SimLink(host, clusterId, this.#options).connection);
        } catch (error) {
          reject(error);
        }
      });
    }
    return over.catch((error: unknown) => {
      witness.gaveUp(process, uri);
      throw error;
    });
  }

  /** A host that is off or frozen says nothing. */
  #knock(host: SimHost, opened: () => void): void {
    const { process } = this.#options;
    const { network } = host;
    network.send(process.name, host.name, "connect", () => {
      if (!host.fake.powered || host.isFrozen) return;
      network.send(host.name, process.name, "connected", () => process.deliver(opened));
    });
  }
}
