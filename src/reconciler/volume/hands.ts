import type { HostConnection } from "../../drivers/driver.ts";
import { assertNever, hasReason, StatusError } from "../../runtime/errors.ts";
import type { Host } from "../../schema/host.ts";
import type { VolumeStatus } from "../../schema/volume.ts";
import type { HostSession } from "../host/host-session.ts";
import type { HostSessions } from "../host/host-sessions.ts";
import { renamedHost } from "../host/renamed.ts";
import type { Spot, VolumeAction } from "./actions.ts";
import { copyVolume } from "./copy.ts";
import type { Place } from "./plan-input.ts";

export interface VolumeHandsOptions {
  readonly sessions: HostSessions;
  readonly hostNamed: (name: string) => Host | undefined;
  /** Whether anything may be changed on hosts; false when what is done could not be written down. */
  readonly mayAct: () => boolean;
}

/** Hosts as a volume's controller sees and changes them. */
export class VolumeHands {
  readonly #options: VolumeHandsOptions;

  constructor(options: VolumeHandsOptions) {
    this.#options = options;
  }

  /** What is known of the host now. */
  place(hostName: string): Place {
    const { sessions, hostNamed } = this.#options;
    if (hostNamed(hostName) === undefined) {
      const message = `there is no Host "${hostName}": add it again to go on with what is on it`;
      return { type: "unknown", message, isRemoved: true };
    }
    const session = sessions.get(hostName);
    if (session?.link.state !== "connected") {
      return { type: "unknown", message: `host "${hostName}" cannot be asked; its Host says why` };
    }
    return { type: "known", hostUuid: session.link.facts.hostUuid, volumes: session.volumes };
  }

  /** What a host whose Host was removed is called now; undefined: nothing else, or nobody knows. */
  newNameOf({ hostName, hostUuid }: VolumeStatus): string | undefined {
    const { sessions, hostNamed } = this.#options;
    if (hostName === undefined) return undefined;
    return renamedHost(sessions.all, hostNamed, { hostName, hostUuid })?.hostName;
  }

  /** The names under which machines with these UUIDs answer now. */
  namesOf(hostUuids: ReadonlySet<string>): readonly string[] {
    const connected = [...this.#options.sessions.all].filter(
      ({ link }) => link.state === "connected" && hostUuids.has(link.facts.hostUuid),
    );
    return connected.map(({ hostName }) => hostName);
  }

  /** Carries out one step, and notes what it has changed on hosts. */
  async perform(action: VolumeAction, signal: AbortSignal): Promise<void> {
    switch (action.type) {
      case "EnsureVolume": {
        const { at, spec } = action;
        const { session, connection } = this.#link(at);
        await connection.ensureVolume(spec, signal);
        return session.noteVolume(spec.volume, { name: spec.volume, capacityBytes: spec.capacityBytes });
      }
      case "CopyVolume": {
        const { volume, format } = action;
        const [source, target] = [this.#link(action.source), this.#link(action.target)];
        const original = source.session.volumes.get(volume);
        const ends = { source: source.connection, target: target.connection };
        await copyVolume({ ...ends, volume, format, mayAct: this.#options.mayAct }, signal);
        return target.session.noteVolume(volume, original);
      }
      case "DeleteVolume": {
        const { session, connection } = this.#link(action.at);
        await connection.deleteVolume(action.volume, signal);
        return session.noteVolume(action.volume, undefined);
      }
      default:
        return assertNever(action);
    }
  }

  /** Asks the machine itself whether it has nothing under this name, whole or not. */
  async isAbsent(spot: Spot, volume: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#link(spot).connection.readVolume(volume, signal);
      return false;
    } catch (error) {
      if (hasReason(error, "NotFound")) return true;
      throw error;
    }
  }

  /** Since it was planned what is to be done another machine may have come under the name. */
  #link({ hostName, hostUuid }: Spot): {
    readonly session: HostSession;
    readonly connection: HostConnection;
  } {
    const session = this.#options.sessions.get(hostName);
    const link = session?.link;
    if (session !== undefined && link?.state === "connected" && link.facts.hostUuid === hostUuid)
      return { session, connection: link.connection };
    throw new StatusError("HostUnreachable", `host "${hostName}" cannot be asked; its Host says why`);
  }
}
