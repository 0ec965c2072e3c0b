import { StatusError } from "../runtime/errors.ts";

/** Where the next page of a list begins: after `lastKey`, in the state at `revision`. */
export interface ContinueToken {
  /** Undefined: as it is now, for a list whose own revision is no longer known. */
  readonly revision: number | undefined;
  readonly lastKey: string;
}

/** Opaque to clients. */
export function encodeContinueToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify([token.revision ?? null, token.lastKey])).toString("base64url");
}

/** Throws `BadRequest` for anything that is not a token for keys under `prefix`. */
export function decodeContinueToken(text: string, prefix: string): ContinueToken {
  const fields = parse(Buffer.from(text, "base64url").toString());
  if (Array.isArray(fields) && fields.length === 2) {
    const [revision, lastKey]: unknown[] = fields;
    const known = revision === null || isRevision(revision);
    if (known && typeof lastKey === "string" && lastKey.startsWith(prefix)) {
      return { revision: revision ?? undefined, lastKey };
    }
  }
  throw new StatusError("BadRequest", "continue key is not valid: start the list again without it");
}

function isRevision(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
