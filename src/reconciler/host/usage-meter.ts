import type { HostConnection } from "../../drivers/driver.ts";
import type { HostUsage } from "../../drivers/usage.ts";
import type { Clock } from "../../runtime/clock.ts";
import { withDeadline } from "../../runtime/deadline.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { MeasuredHost, Used } from "../../schema/measured-host.ts";
import type { HostSession } from "./host-session.ts";

interface Sample {
  readonly connection: HostConnection;
  readonly atMs: number;
  readonly endedAt: number;
  readonly usage: HostUsage;
}

/** A stretch that is shorter says nothing; who asks for the first one waits for it. */
const shortestMs = 1_000;
/** One that is longer says what was, not what is. */
const longestMs = 60_000;
const answerMs = 5_000;

/**
 * Measures hosts when somebody asks, and does nothing otherwise: what was counted when it was last asked is
 * the beginning of the next stretch. Hosts that do not answer in time, or are not connected, are left out.
 */
export class UsageMeter {
  readonly #sessions: () => Iterable<HostSession>;
  readonly #clock: Clock;
  #samples = new Map<string, Sample>();
  #running: Promise<readonly MeasuredHost[]> | undefined;

  constructor(sessions: () => Iterable<HostSession>, clock: Clock) {
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /** Those who ask at the same time are given the same answer. */
  measure(): Promise<readonly MeasuredHost[]> {
    this.#running ??= this.#measureAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #measureAll(): Promise<readonly MeasuredHost[]> {
    const before = this.#samples;
    const measured = await Promise.all(
      [...this.#sessions()].map((session) =>
        this.#measureHost(session, before.get(session.hostName)).catch(() => undefined),
      ),
    );
    const known = measured.filter((found) => found !== undefined);
    this.#samples = new Map(known.map(({ last, host }) => [host.hostName, last]));
    return known.map(({ host }) => host);
  }

  async #measureHost(
    { hostName, link }: HostSession,
    before: Sample | undefined,
  ): Promise<{ readonly last: Sample; readonly host: MeasuredHost } | undefined> {
    if (link.state !== "connected") return undefined;
    const { connection } = link;
    const first = this.#isFresh(before, connection) ? before : await this.#sample(connection);
    const leftMs = first.atMs + shortestMs - this.#clock.monotonic();
    if (leftMs > 0) await this.#clock.sleep(leftMs);
    const last = await this.#sample(connection);
    return { last, host: differenceOf(hostName, first, last) };
  }

  #isFresh(sample: Sample | undefined, connection: HostConnection): sample is Sample {
    if (sample?.connection !== connection) return false;
    return this.#clock.monotonic() - sample.atMs <= longestMs;
  }

  #sample(connection: HostConnection): Promise<Sample> {
    const clock = this.#clock;
    const reason = () => new StatusError("Timeout", `the host did not answer within ${answerMs / 1000} s`);
    const { signal } = new AbortController();
    return withDeadline({ clock, lengthMs: answerMs, signal, reason }, async (limit) => {
      const usage = await connection.measure(limit);
      return { connection, atMs: clock.monotonic(), endedAt: clock.now(), usage };
    });
  }
}

/** What was used between two samples. A guest whose count went back began anew in between. */
function differenceOf(hostName: string, first: Sample, last: Sample): MeasuredHost {
  const windowMs = last.atMs - first.atMs;
  const earlier = new Map(first.usage.domains.map(({ uid, cpuTimeMs }) => [uid, cpuTimeMs]));
  const guests = new Map<string, Used>();
  for (const { uid, cpuTimeMs, memoryBytes } of last.usage.domains) {
    const before = earlier.get(uid);
    if (before === undefined || before > cpuTimeMs) continue;
    guests.set(uid, { cpus: (cpuTimeMs - before) / windowMs, memoryBytes });
  }
  const [from, to] = [first.usage.host, last.usage.host];
  const host =
    from === undefined || to === undefined || from.cpuTimeMs > to.cpuTimeMs
      ? undefined
      : { cpus: (to.cpuTimeMs - from.cpuTimeMs) / windowMs, memoryBytes: to.memoryBytes };
  return { hostName, endedAt: last.endedAt, windowMs, guests, ...(host !== undefined && { host }) };
}
