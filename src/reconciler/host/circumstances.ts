import { type Clock, parseTime } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import { findCondition, isTrue } from "../../schema/conditions.ts";
import type { Host } from "../../schema/host.ts";
import type { HostLink } from "./host-link.ts";
import { OutageBrake } from "./outage-brake.ts";
import { Survey } from "./survey.ts";

export interface CircumstancesOptions {
  readonly clock: Pick<Clock, "monotonic" | "after" | "now">;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly hosts: () => readonly Host[];
  readonly hostNamed: (name: string) => Host | undefined;
  /** All hosts have been looked at after the start. */
  readonly onSurveyed: () => void;
  /** What may be done for these hosts, which are away or were, has changed. */
  readonly onBrake: (hostNames: readonly string[]) => void;
}

/** What may be decided, by how the hosts do as a whole: see Survey and OutageBrake. */
export class Circumstances {
  readonly #options: CircumstancesOptions;
  readonly #survey: Survey;
  readonly #brake: OutageBrake;

  constructor(options: CircumstancesOptions) {
    const { clock, logger, metrics, onSurveyed, onBrake } = options;
    this.#options = options;
    this.#survey = new Survey(clock, onSurveyed);
    this.#brake = new OutageBrake({ clock, logger, onChange: onBrake });
    const help = "Whether nothing is started elsewhere because many hosts are away at once.";
    metrics.watchedGauge({ name: "ostler_mass_outage", help }, {}, () => (this.#brake.holds ? 1 : 0));
  }

  /** Whether machines may be given hosts, and started. */
  get mayPlace(): boolean {
    return this.#survey.isGoodEnough;
  }

  /** Whether machines may be started elsewhere without their own host being asked. */
  get mayMove(): boolean {
    return this.#survey.isDone;
  }

  /** Whether machines may be stopped to make room for others. */
  get mayPreempt(): boolean {
    return this.#survey.isDone && !this.#brake.holds;
  }

  get isMassOutage(): boolean {
    return this.#brake.holds;
  }

  /** Why nothing of this host, which is away, is started elsewhere; undefined when it may be. */
  reasonFor(hostName: string): string | undefined {
    return this.#brake.reasonFor(hostName);
  }

  /** To be called once the hosts are known and before any is looked at. */
  begin(): void {
    const isUp = ({ status }: Host) => findCondition(status?.conditions, "Unreachable")?.status === "False";
    const expected = this.#options.hosts().filter(isUp);
    this.#survey.begin(expected.map(({ metadata }) => metadata.name));
  }

  /** A link has been made or lost. To be called before anybody decides anything because of it. */
  noteLink(hostName: string, state: HostLink["state"]): void {
    if (state === "connecting") return;
    if (state === "connected") this.#brake.noteUp(hostName);
    else {
      const conditions = this.#options.hostNamed(hostName)?.status?.conditions;
      const { status, lastTransitionTime = "" } = findCondition(conditions, "Unreachable") ?? {};
      const wasHeld = isTrue(conditions, "MassOutage");
      const awayMs =
        status === "True" ? this.#options.clock.now() - parseTime(lastTransitionTime) : undefined;
      this.#brake.noteDown(hostName, { wasUp: status === "False", wasHeld, awayMs });
    }
    this.#survey.note(hostName);
  }

  /** The Host was removed. */
  forget(hostName: string): void {
    this.#brake.forget(hostName);
    this.#survey.note(hostName);
  }

  stop(): void {
    this.#brake.stop();
  }
}
