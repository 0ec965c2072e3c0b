import type { Host } from "../../schema/host.ts";
import type { HostSession, HostSessionOptions } from "./host-session.ts";
import { Mentions } from "./mentions.ts";

export type SessionFactory = (
  hostName: string,
  uri: string,
  onMention: HostSessionOptions["onMention"],
) => HostSession;

/** The sessions of all hosts, by the Host's name. One per host, ended when the Host is gone or moves. */
export class HostSessions implements AsyncDisposable {
  readonly #open: SessionFactory;
  readonly #sessions = new Map<string, HostSession>();
  readonly #mentions = new Mentions();

  constructor(open: SessionFactory) {
    this.#open = open;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get all(): Iterable<HostSession> {
    return this.#sessions.values();
  }

  get(hostName: string): HostSession | undefined {
    return this.#sessions.get(hostName);
  }

  /** The session for this Host; a new one if there is none or its URI has changed. */
  async ensure(host: Host): Promise<HostSession> {
    const { name } = host.metadata;
    const existing = this.#sessions.get(name);
    if (existing?.uri === host.spec.uri) return existing;
    await this.remove(name);
    const session = this.#open(name, host.spec.uri, this.#mentions.voice(name));
    this.#sessions.set(name, session);
    session.start();
    return session;
  }

  async remove(hostName: string): Promise<void> {
    const session = this.#sessions.get(hostName);
    this.#sessions.delete(hostName);
    await session?.[Symbol.asyncDispose]();
  }

  /**
   * The name of a host, other than `except`, on which a domain with this uid has a process. Hosts that have
   * said something of it since they were last looked at are looked at first.
   */
  async findActive(uid: string, except: string, signal: AbortSignal): Promise<string | undefined> {
    for (const hostName of this.#mentions.of(uid)) {
      const session = this.#sessions.get(hostName);
      if (hostName === except || session?.link.state !== "connected") continue;
      const domain = session.isDoubted(uid)
        ? await session.domain(session.link.connection, uid, signal)
        : session.domains.get(uid);
      if (domain !== undefined && domain.state !== "shutoff") return hostName;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const names = [...this.#sessions.keys()];
    await Promise.all(names.map((name) => this.remove(name)));
  }
}
