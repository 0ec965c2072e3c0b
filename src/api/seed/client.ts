import { messageOf, StatusError } from "../../runtime/errors.ts";
import { isRecord } from "../../schema/plain.ts";

/** What a server answered, and whether the answer says that the call failed. */
export interface SeedAnswer {
  /** The JSON as it came. */
  readonly text: string;
  readonly failed: boolean;
  /** Why, if the server says so. */
  readonly reason: string | undefined;
}

export interface SeedCallOptions {
  /** Such as `http://127.0.0.1:8080`. */
  readonly server: string;
  /** Such as `/vm/query`. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Calls a flat API, ours or another one. Throws `ServiceUnavailable` when nobody answers in JSON. */
export async function callSeed({ server, path, parameters, signal }: SeedCallOptions): Promise<SeedAnswer> {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const query = new URLSearchParams(given);
  const url = `${server.replace(/\/+$/, "")}${path}${given.length === 0 ? "" : `?${query}`}`;
  try {
    const response = await fetch(url, { signal });
    const text = (await response.text()).trim();
    const reason = response.headers.get("ostler-reason") ?? undefined;
    return { text, failed: reason !== undefined || isFailure(JSON.parse(text)), reason };
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const why = `${messageOf(cause)}; is it served (--seed-listen)?`;
    const message = `no answer from the flat API at ${server}: ${why}`;
    throw new StatusError("ServiceUnavailable", message, { cause: error });
  }
}

/** `0`, `{"vmid": 0}`, `{"status": 0}`, `{"error": ...}` and the like. */
export function isFailure(answer: unknown): boolean {
  if (!isRecord(answer)) return answer === 0;
  const entries = Object.entries(answer);
  const [first] = entries;
  return entries.length === 1 && first !== undefined && (first[1] === 0 || first[0] === "error");
}
