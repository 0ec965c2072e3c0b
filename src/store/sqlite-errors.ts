import { readFileSync } from "node:fs";
import { messageOf, StatusError } from "../runtime/errors.ts";

/** The files of a store that could not be opened. */
interface Files {
  readonly directory: string;
  readonly path: string;
  readonly pidPath: string;
}

/** Why a store cannot be opened, for people: `Conflict` when another process has it. */
export function explainOpening({ directory, path, pidPath }: Files, error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  return sqliteCode(error) === sqliteBusy ? inUse(directory, pidPath, error) : unreadable(path, error);
}

/** The file is sound to SQLite but what it says cannot be. */
export class DamageError extends Error {}

const sqliteBusy = 5;
const sqliteDamaged = [11, 26];

/** The primary result code of SQLite; extended codes have it in their lowest byte. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

function inUse(directory: string, pidPath: string, cause: unknown): StatusError {
  const message = `state directory ${directory} is in use by another ostler (${ownerOf(pidPath)})`;
  return new StatusError("Conflict", `${message}; stop it first or choose another directory`, { cause });
}

function unreadable(path: string, cause: unknown): StatusError {
  const damaged = cause instanceof DamageError || sqliteDamaged.includes(sqliteCode(cause) ?? 0);
  const what = damaged ? "is damaged; restore it from a backup" : "cannot be opened";
  return new StatusError("InternalError", `the store in ${path} ${what}: ${messageOf(cause)}`, { cause });
}

function ownerOf(pidPath: string): string {
  try {
    return `pid ${readFileSync(pidPath, "utf8").trim()}`;
  } catch {
    return "pid unknown";
  }
}
