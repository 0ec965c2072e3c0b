import type { Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import { isRecord } from "../schema/plain.ts";
import { UsageError } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { statusOf } from "./status-of.ts";
import { keyIn, labelOf, parseObjects } from "./target.ts";
import { waitFor } from "./wait-for.ts";

export interface WaitOptions {
  /** `condition=Ready`, `condition=Ready=False`, `delete` or `FIELD.PATH=VALUE`. */
  readonly for: string;
  readonly timeoutMs: number;
}

/** What is waited for, as a question about an object; undefined when the object is gone. */
export type Goal = (resource: Resource | undefined) => boolean;

/** Waits until every named object is as asked; one that is not there yet may come. Throws `Timeout`. */
export async function wait(session: Session, words: readonly string[], options: WaitOptions): Promise<void> {
  const targets = parseObjects(words, "wait for");
  const goal = parseGoal(options.for);
  const all = targets.flatMap(({ kind, names }) => names.map((name) => ({ kind, name, goal, options })));
  await Promise.all(all.map((one) => waitForOne(session, one)));
}

interface One {
  readonly kind: Kind;
  readonly name: string;
  readonly goal: Goal;
  readonly options: WaitOptions;
}

async function waitForOne(session: Session, { kind, name, goal, options }: One): Promise<void> {
  const { client, clock, signal, stdout } = session;
  const key = keyIn(kind, session.namespace, name);
  const { for: asked, timeoutMs } = options;
  await waitFor({ client, clock, signal, kind, key, timeoutMs, goal: asked, met: goal });
  stdout.write(`${labelOf(kind, name)} ${asked === "delete" ? "deleted" : "condition met"}\n`);
}

/** Reads what `--for` says. Throws `UsageError`. */
export function parseGoal(text: string): Goal {
  if (text === "delete") return (resource) => resource === undefined;
  const condition = /^condition=([A-Za-z0-9./-]+)(?:=(True|False|Unknown))?$/i.exec(text);
  if (condition !== null) {
    const [, type = "", status = "True"] = condition;
    return (resource) => conditionStatus(resource, type)?.toLowerCase() === status.toLowerCase();
  }
  const field = /^(?:jsonpath=)?\{?\.?([A-Za-z0-9_.-]+?)\}?=(.*)$/s.exec(text);
  if (field !== null && field[1] !== "condition") {
    const [, path = "", value = ""] = field;
    return (resource) => textAt(resource, path) === value;
  }
  throw new UsageError("--for must be condition=TYPE[=STATUS], delete, or FIELD.PATH=VALUE");
}

/** Undefined while the controller has not looked at the newest spec: what it says is about an older one. */
function conditionStatus(resource: Resource | undefined, type: string): string | undefined {
  const { conditions, observedGeneration } = statusOf(resource);
  const found = conditions.find((condition) => condition.type.toLowerCase() === type.toLowerCase());
  const seen = found?.observedGeneration ?? observedGeneration;
  return seen !== undefined && seen < (resource?.metadata.generation ?? 0) ? undefined : found?.status;
}

function textAt(resource: unknown, path: string): string | undefined {
  let at = resource;
  for (const step of path.split(".")) at = isRecord(at) ? at[step] : undefined;
  return at === undefined || at === null || typeof at === "object" ? undefined : String(at);
}
