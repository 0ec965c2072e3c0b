import type { HostConnection, ObservedVolume } from "../../drivers/driver.ts";
import { assertNever, hasReason, StatusError } from "../../runtime/errors.ts";
import type { Host } from "../../schema/host.ts";
import type { HostSessions } from "../host/host-sessions.ts";
import type { VolumeAction } from "./actions.ts";
import { copyVolume } from "./copy.ts";
import type { Place } from "./plan-input.ts";

export interface VolumeHandsOptions {
  readonly sessions: HostSessions;
  readonly hostNamed: (name: string) => Host | undefined;
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
      return { type: "unknown", message };
    }
    const session = sessions.get(hostName);
    if (session?.link.state !== "connected") {
      return { type: "unknown", message: `host "${hostName}" cannot be asked; its Host says why` };
    }
    return { type: "known", hostUuid: session.link.facts.hostUuid, volumes: session.volumes };
  }

  /** Carries out one step, and notes what it has changed on hosts. */
  async perform(action: VolumeAction, signal: AbortSignal): Promise<void> {
    switch (action.type) {
      case "EnsureVolume": {
        const { hostName, spec } = action;
        await this.#connection(hostName).ensureVolume(spec, signal);
        return this.#note(hostName, spec.volume, { name: spec.volume, capacityBytes: spec.capacityBytes });
      }
      case "CopyVolume": {
        const { volume, format } = action;
        const [source, target] = [this.#connection(action.source), this.#connection(action.target)];
        const original = this.#options.sessions.get(action.source)?.volumes.get(volume);
        await copyVolume({ source, target, volume, format }, signal);
        return this.#note(action.target, volume, original);
      }
      case "DeleteVolume":
        await this.#connection(action.hostName).deleteVolume(action.volume, signal);
        return this.#note(action.hostName, action.volume, undefined);
      default:
        return assertNever(action);
    }
  }

  /** Asks the host itself whether it has nothing under this name, whole or not. */
  async isAbsent(hostName: string, volume: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#connection(hostName).readVolume(volume, signal);
      return false;
    } catch (error) {
      if (hasReason(error, "NotFound")) return true;
      throw error;
    }
  }

  #connection(hostName: string): HostConnection {
    const link = this.#options.sessions.get(hostName)?.link;
    if (link?.state === "connected") return link.connection;
    throw new StatusError("HostUnreachable", `host "${hostName}" cannot be asked; its Host says why`);
  }

  #note(hostName: string, name: string, volume: ObservedVolume | undefined): void {
    this.#options.sessions.get(hostName)?.noteVolume(name, volume);
  }
}
