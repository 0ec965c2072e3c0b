import { closeSync, fdatasync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pid } from "node:process";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { promisify } from "node:util";
import type { Clock } from "../runtime/clock.ts";
import { StatusError } from "../runtime/errors.ts";
import type { Random } from "../runtime/random.ts";
import { type Journal, JournaledLog, type JournalState } from "./journaled-log.ts";
import type { Log, LogEvent, LogRecord } from "./log.ts";
import { DamageError, explainOpening } from "./sqlite-errors.ts";
import { contradiction, type Witness } from "./witness.ts";

/** Where the state is, and the ports that it needs. */
export interface SqliteLogOptions {
  /** Created if missing. One process at a time: a second one is refused. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How far the store in this directory had come; what is found may be older. */
  readonly witness?: Witness | undefined;
  /** Called with why, before the log is opened, when it is. */
  readonly onOlder?: (why: string) => unknown;
}

/** So many revisions may have been given out after the witness wrote. */
const unwitnessedMax = 1_000_000;

const format = "1";

const syncData = promisify(fdatasync);

/**
 * Pages of 8 KiB hold three objects of the usual 2 KiB; of pages of 4 KiB almost half would be empty. FULL,
 * so that the files themselves are durable before anything is in them.
 */
const setUp = `
  PRAGMA page_size = 8192;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA journal_size_limit = 67108864;
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS log (
    revision INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    create_revision INTEGER NOT NULL,
    previous INTEGER NOT NULL, -- the revision of the state before; 0: there was none
    value TEXT                 -- NULL: deleted
  ) STRICT;
`;

/** From then on SQLite syncs around checkpoints only, and `sync` its write-ahead log after commits. */
const settled = "PRAGMA synchronous = NORMAL";

const readSql = `
  SELECT l.revision, l.key, l.create_revision, l.previous, l.value,
    p.create_revision AS previous_create_revision, p.value AS previous_value
  FROM log l LEFT JOIN log p ON p.revision = l.previous
  WHERE l.revision > ? AND l.revision <= ? ORDER BY l.revision LIMIT ?`;

/**
 * A log in `store.db` in a directory: SQLite with a write-ahead log that is on the disk before a commit is
 * acknowledged, so that it survives the death of the process and of the machine. Throws `Conflict` when
 * another process has the directory, `InternalError` when the file cannot be opened or is damaged. Does not
 * guarantee anything on file systems that lie about fsync or about locks, such as most NFS. Nothing else in
 * this process may open `store.db`: closing it again would drop SQLite's lock (fcntl). A store that is older
 * than its witness goes on as another life: under a new incarnation, beyond every revision that the former
 * one may have given out, so that no watch that began there can be resumed.
 */
export async function openSqliteLog(options: SqliteLogOptions): Promise<Log> {
  const { directory, clock, random } = options;
  const path = join(directory, "store.db");
  const pidPath = join(directory, "store.pid");
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    createPrivately(path);
    const database = new DatabaseSync(path);
    try {
      const state = afterRestore(database, load(database, random), options);
      writeFileSync(pidPath, `${pid}\n`);
      database.exec(settled);
      const journal = new SqliteJournal(database, openSync(`${path}-wal`, "r"), pidPath);
      return new JournaledLog(journal, state, clock);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw explainOpening({ directory, path, pidPath }, error);
  }
}

class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  /** The write-ahead log, which stays the same file for as long as the database is open. */
  readonly #walFile: number;
  readonly #pidPath: string;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #dropSuperseded: StatementSync;
  readonly #dropDeletions: StatementSync;
  readonly #setCompacted: StatementSync;

  constructor(database: DatabaseSync, walFile: number, pidPath: string) {
    this.#database = database;
    this.#walFile = walFile;
    this.#pidPath = pidPath;
    this.#begin = database.prepare("BEGIN");
    this.#commit = database.prepare("COMMIT");
    this.#insert = database.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?)");
    this.#read = database.prepare(readSql);
    const between = "SELECT previous FROM log WHERE revision > ? AND revision <= ?";
    this.#dropSuperseded = database.prepare(`DELETE FROM log WHERE revision IN (${between})`);
    this.#dropDeletions = database.prepare(
      "DELETE FROM log WHERE revision > ? AND revision <= ? AND value IS NULL",
    );
    this.#setCompacted = database.prepare("UPDATE meta SET value = ? WHERE name = 'compacted'");
  }

  append(events: readonly LogEvent[]): void {
    this.#transaction(() => {
      for (const { key, revision, current, previous } of events) {
        const createRevision = (current ?? previous)?.createRevision ?? revision;
        this.#insert.run(revision, key, createRevision, previous?.revision ?? 0, current?.value ?? null);
      }
    });
  }

  /** In another thread: a slow disk holds up nothing but those who wait for it. */
  sync(): Promise<void> {
    return syncData(this.#walFile);
  }

  read(since: number, until: number, limit: number): readonly LogEvent[] {
    return this.#read.all(since, until, limit).map((row) => {
      const { key, revision, current, previous } = rowOf(row);
      const value = textOrNull(row.previous_value);
      if (previous === 0 || value === undefined) return { key, revision, current, previous: undefined };
      const createRevision = integer(row.previous_create_revision);
      return { key, revision, current, previous: { key, value, revision: previous, createRevision } };
    });
  }

  compact(from: number, to: number): void {
    this.#transaction(() => {
      this.#dropSuperseded.run(from, to);
      this.#dropDeletions.run(from, to);
      this.#setCompacted.run(String(to));
    });
  }

  close(): void {
    closeSync(this.#walFile);
    this.#database.close();
    rmSync(this.#pidPath, { force: true });
  }

  #transaction(write: () => void): void {
    this.#begin.run();
    try {
      write();
      this.#commit.run();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function afterRestore(
  database: DatabaseSync,
  state: JournalState,
  { witness, onOlder, random }: SqliteLogOptions,
): JournalState {
  const why = contradiction(witness, state);
  if (why === undefined || witness === undefined) return state;
  const revision = Math.max(state.revision, witness.revision) + unwitnessedMax;
  const incarnation = random.uuid();
  database.exec("BEGIN IMMEDIATE");
  const set = database.prepare("UPDATE meta SET value = ? WHERE name = ?");
  set.run(String(revision), "compacted");
  set.run(incarnation, "incarnation");
  database.exec("COMMIT");
  onOlder?.(why);
  return { ...state, incarnation, revision, compactedRevision: revision };
}

interface Meta {
  readonly incarnation: string;
  readonly compactedRevision: number;
}

interface Row {
  readonly key: string;
  readonly revision: number;
  readonly previous: number;
  readonly current: LogRecord | undefined;
}

/** Never opens a file that exists: closing it would drop the locks that this process may have on it. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

function load(database: DatabaseSync, random: Random): JournalState {
  database.exec(setUp);
  const meta = loadMeta(database, random);
  database.exec("COMMIT");
  return loadState(database, meta);
}

function loadMeta(database: DatabaseSync, random: Random): Meta {
  const insert = database.prepare("INSERT OR IGNORE INTO meta VALUES (?, ?)");
  insert.run("format", format);
  insert.run("incarnation", random.uuid());
  insert.run("compacted", "0");
  const rows = database.prepare("SELECT name, value FROM meta").all();
  const meta = new Map(rows.map((row) => [row.name, row.value]));
  if (meta.get("format") !== format) {
    const found = String(meta.get("format"));
    throw new StatusError("Unsupported", `the store has format ${found}, this ostler reads format ${format}`);
  }
  return { incarnation: text(meta.get("incarnation")), compactedRevision: Number(meta.get("compacted")) };
}

/** Replays the log. Since no revision is ever skipped, what is missing or out of place shows. */
function loadState(database: DatabaseSync, meta: Meta): JournalState {
  const { compactedRevision } = meta;
  const records = new Map<string, LogRecord>();
  let revision = compactedRevision;
  const select = "SELECT revision, key, create_revision, previous, value FROM log ORDER BY revision";
  for (const raw of database.prepare(select).iterate()) {
    const row = rowOf(raw);
    if (row.revision > compactedRevision) {
      const previous = records.get(row.key)?.revision ?? 0;
      if (row.revision !== revision + 1 || row.previous !== previous) {
        throw new DamageError(`revision ${row.revision} does not follow from what is before it`);
      }
      revision = row.revision;
    }
    if (row.current === undefined) records.delete(row.key);
    else records.set(row.key, row.current);
  }
  return { records: records.values(), revision, ...meta };
}

function rowOf(raw: Readonly<Record<string, unknown>>): Row {
  const key = text(raw.key);
  const revision = integer(raw.revision);
  const createRevision = integer(raw.create_revision);
  const value = textOrNull(raw.value);
  const current = value === undefined ? undefined : { key, value, revision, createRevision };
  return { key, revision, previous: integer(raw.previous), current };
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new DamageError(`a text was expected, not ${String(value)}`);
}

function textOrNull(value: unknown): string | undefined {
  return value === null ? undefined : text(value);
}

function integer(value: unknown): number {
  if (Number.isSafeInteger(value) && typeof value === "number") return value;
  throw new DamageError(`an integer was expected, not ${String(value)}`);
}
