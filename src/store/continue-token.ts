import { StatusError } from "../runtime/errors.ts";

/** Where the next page of a list begins: after `lastKey`, in the state at `revision`. */
export interface ContinueToken {
  readonly revision: number;
  readonly lastKey: string;
}

/** Opaque to clients. */
export function encodeContinueToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify([token.revision, token.lastKey])).toString("base64url");
}

/** Throws `BadRequest` for anything that is not a token for keys under `prefix`. */
export function decodeContinueToken(text: string, prefix: string): ContinueToken {
  const fields = parse(Buffer.from(text, "base64url").toString());
  if (Array.isArray(fields) && fields.length === 2) {
    const [revision, lastKey]: unknown[] = fields;
    const known = typeof revision === "number" && Number.isSafeInteger(revision) && revision >= 0;
    if (known && typeof lastKey === "string" && lastKey.startsWith(prefix)) return { revision, lastKey };
  }
  throw new StatusError("BadRequest", "continue key is not valid: start the list again without it");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
