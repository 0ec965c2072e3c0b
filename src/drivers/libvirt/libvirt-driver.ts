import type { Clock } from "../../runtime/clock.ts";
import { hasReason, messageOf } from "../../runtime/errors.ts";
import type { Random } from "../../runtime/random.ts";
import type { ConnectOptions, Driver, HostConnection } from "../driver.ts";
import { UnreachableError, type UnreachableReason, unreachableReason } from "../unreachable.ts";
import { HostLinks } from "./host-links.ts";
import { LibvirtConnection } from "./libvirt-connection.ts";
import { openLink, type Surroundings } from "./transport/link.ts";
import { parseLibvirtUri } from "./transport/uri.ts";

export interface LibvirtDriverOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly surroundings: Surroundings;
  /** Asked right before each call that changes something on a host; absent: always. */
  readonly mayAct?: () => boolean;
}

/** A daemon that has just been started looks at every emulator first, which takes it ten seconds or more. */
const connectDeadlineMs = 60_000;

/** Connects to libvirt on this machine and others: `qemu:///system`, `qemu+ssh://root@host/system`, ... */
export class LibvirtDriver implements Driver {
  readonly #options: LibvirtDriverOptions;

  constructor(options: LibvirtDriverOptions) {
    this.#options = options;
  }

  async connect({ uri, hostName, clusterId, signal }: ConnectOptions): Promise<HostConnection> {
    const { clock, random, surroundings, mayAct } = this.#options;
    const late = new AbortController();
    const expire = (): void => late.abort(new Error(`not connected within ${connectDeadlineMs / 1000} s`));
    const timer = clock.after(connectDeadlineMs, expire);
    const limits = AbortSignal.any([signal, late.signal]);
    let silence: UnreachableReason = "Timeout";
    try {
      limits.throwIfAborted();
      const target = parseLibvirtUri(uri);
      const link = await openLink(target, { ...surroundings, hostName }, limits);
      silence = "DaemonHung";
      const links = await HostLinks.open({ link, driverUri: target.driverUri, clock, mayAct }, limits);
      return await LibvirtConnection.open(links, { clusterId, random, signal: limits });
    } catch (error) {
      const silent = limits.aborted || hasReason(error, "OutcomeUnknown");
      const why = unreachableReason(error) ?? (silent ? silence : "Unreachable");
      const message = `cannot connect to ${uri}: ${messageOf(error)}`;
      throw new UnreachableError(why, message, { cause: error, reason: "HostUnreachable" });
    } finally {
      timer.cancel();
    }
  }
}
