import { findCondition } from "../../schema/conditions.ts";
import type { Condition, Resource } from "../../schema/meta.ts";
import type { StoryLine } from "./story-logger.ts";
import type { World } from "./world.ts";

/** Fields that say where a line comes from rather than what happened. */
const dull: ReadonlySet<string> = new Set([
  "process",
  "controller",
  "reconcileId",
  "key",
  "stack",
  "part",
  "informer",
  "lease",
  "identity",
]);
const uid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** The end of a domain's name. */
const shortUid = /(?<=-)[0-9a-f]{8}(?=\W|$)/g;

/**
 * The operator's log of a scenario: commands, what the controllers log, and what objects say of themselves.
 */
export class Story {
  readonly #lines: string[] = [];
  readonly #said = new Map<string, string>();
  #now: () => number = () => 0;
  #isOneOfMany = false;

  /** Takes what the objects of a world say of themselves. */
  follow(world: World): void {
    this.#now = () => world.time.elapsedMs;
    this.#isOneOfMany = world.replicas.length > 1;
    world.audit.readsAll = true;
    world.audit.listen((resource, { current }) => this.#tellObject(resource, current === undefined));
  }

  readonly hear = ({ level, message, fields }: StoryLine): void => {
    if (level === "debug") return;
    const known = Object.entries(fields).filter(([name, value]) => !dull.has(name) && value !== undefined);
    const object = typeof fields.key === "string" ? ` ${fields.key}:` : "";
    const details = known.map(([name, value]) => ` ${name}=${textOf(value)}`).join("");
    const warning = level === "info" ? "" : `${level.toUpperCase()} `;
    const who = this.#isOneOfMany
      ? `${fields.process} ${fields.controller ?? ""}`
      : `${fields.controller ?? "-"}`;
    this.say(`  ${warning}${who.trim()}${object} ${message}${details}`);
  };

  say(line: string): void {
    const at = new Date(Math.floor(this.#now())).toISOString().slice(11, 19);
    const plain = line
      .replace(uid, "UID")
      .replace(shortUid, "UID")
      .replace(/\(device \d+/g, "(device N");
    this.#lines.push(line.startsWith("#") ? plain : `${at} ${plain}`);
  }

  text(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  #tellObject(resource: Resource, isGone: boolean): void {
    const { kind, metadata } = resource;
    const id = `${kind} ${metadata.name}`;
    const what = isGone ? "is gone" : describe(resource);
    if (what === undefined || this.#said.get(id) === what) return;
    this.#said.set(id, what);
    this.say(`  ${id} ${what}`);
  }
}

type Told = Resource & {
  readonly status?: {
    readonly printableStatus?: string;
    readonly phase?: string;
    readonly hostName?: string;
    readonly conditions?: readonly Condition[];
  };
};

/** What an object says of itself, in a line; undefined when that is nothing an operator waits for. */
function describe(resource: Told): string | undefined {
  const { kind, status, metadata } = resource;
  if (kind === "Event" || kind === "Namespace" || kind === "Lease") return undefined;
  const ready = findCondition(status?.conditions, "Ready");
  const word =
    status?.printableStatus ?? status?.phase ?? (ready === undefined ? "is new" : readiness(ready));
  const where = status?.hostName === undefined || kind === "Host" ? "" : ` on ${status.hostName}`;
  const why = ready === undefined || ready.message === "" ? "" : `: ${ready.message}`;
  const restart = findCondition(status?.conditions, "RestartRequired");
  const more = restart?.status === "True" ? "; restart required" : "";
  return `${metadata.deletionTimestamp === undefined ? "" : "(deleting) "}${word}${where}${why}${more}`;
}

function readiness({ status, reason }: Condition): string {
  return status === "True" ? "Ready" : `not ready, ${reason}`;
}

function textOf(value: string | number | boolean | undefined): string {
  if (typeof value === "number") return String(Math.round(value));
  const text = String(value);
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}
