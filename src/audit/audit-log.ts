import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Clock, formatTime, type Timer } from "../runtime/clock.ts";
import { messageOf, StatusError } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import { ensurePrivateDirectory } from "../runtime/private-file.ts";
import { type AuditFile, openAuditFile } from "./audit-file.ts";
import { auditFileName, auditFileNames, findEnd, headName, readHead } from "./audit-files.ts";
import { type AuditFields, chainRecord, endMoved, type Link, recordsLost } from "./record.ts";

/** Where what is asked and done is written down. */
export interface AuditTrail {
  /** Soon, in order. */
  append(fields: AuditFields): void;
  /** Resolves when it is on the disk; rejects with `ServiceUnavailable` when that cannot be. */
  appendDurably(fields: AuditFields): Promise<void>;
}

export interface AuditLogOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxFileBytes?: number;
  /** The oldest file goes when there are more. */
  readonly maxFiles?: number;
  readonly openFile?: (path: string) => AuditFile;
}

interface Waiting {
  readonly fields: AuditFields;
  readonly done?: { resolve(): void; reject(error: StatusError): void };
}

const flushMs = 200;
const retryMs = 5000;
/** Records that wait while the disk takes none. */
const maxWaiting = 10_000;
const headLength = 96;

/**
 * An append-only, hash-chained log in files. What is told in one turn is written together, and synced once if
 * anybody waits for that. While the disk is full who must be written down first is refused; all others are
 * written later, and how many were lost is.
 */
export class AuditLog implements AuditTrail, AsyncDisposable {
  readonly #options: AuditLogOptions;
  readonly #head: number;
  #file: AuditFile;
  #last: Link;
  #waiting: Waiting[] = [];
  #lost = 0;
  #timer: Timer | undefined;
  #flushing: Promise<void> | undefined;

  static async open(options: AuditLogOptions): Promise<AuditLog> {
    const { directory, openFile = openAuditFile } = options;
    await ensurePrivateDirectory(directory);
    const head = readHead(directory);
    const { last, file, tornBytes } = findEnd(directory);
    const opened = openFile(join(directory, file ?? auditFileName(last.seq + 1)));
    const log = new AuditLog(options, opened, last);
    if (tornBytes > 0) log.#note({ note: "a record was cut short by a crash", tornBytes });
    if (head !== undefined && (head.seq !== last.seq || head.hash !== last.hash)) {
      log.#note({ note: endMoved, expectedSeq: head.seq, expectedHash: head.hash });
    }
    log.#note({ note: "the log goes on" });
    await log.#flush();
    return log;
  }

  private constructor(options: AuditLogOptions, file: AuditFile, last: Link) {
    this.#options = options;
    this.#file = file;
    this.#last = last;
    this.#head = openSync(join(options.directory, headName), "w", 0o600);
  }

  /** The newest record that was written. */
  get last(): Link {
    return this.#last;
  }

  append(fields: AuditFields): void {
    this.#enqueue({ fields });
    this.#timer ??= this.#options.clock.after(flushMs, () => void this.#flush());
  }

  appendDurably(fields: AuditFields): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ fields, done: { resolve, reject } });
      void this.#flush();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#flushing;
    await this.#flush();
    await this.#file.sync().catch(() => {});
    this.#file.close();
    closeSync(this.#head);
  }

  #note(fields: AuditFields): void {
    this.#enqueue({ fields: { time: formatTime(this.#options.clock.now()), stage: "note", ...fields } });
  }

  #enqueue(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#waiting.length <= maxWaiting) return;
    const oldest = this.#waiting.findIndex(({ done }) => done === undefined);
    if (oldest < 0) return;
    this.#waiting.splice(oldest, 1);
    this.#lost += 1;
  }

  #flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#flushing ??= this.#flushAll();
    return this.#flushing;
  }

  async #flushAll(): Promise<void> {
    // What else is told in this turn is written with it.
    await this.#options.clock.yield();
    let written = true;
    while (this.#waiting.length > 0 && (written || this.#waiting.some(({ done }) => done !== undefined))) {
      const batch = this.#waiting;
      this.#waiting = [];
      written = await this.#write(batch);
    }
    // In the turn of the last look: what comes from now on begins another flush.
    this.#flushing = undefined;
    if (!written) this.#timer ??= this.#options.clock.after(retryMs, () => void this.#flush());
  }

  /** Whether it was written. If not, who waits is refused, and the rest waits on. */
  async #write(batch: readonly Waiting[]): Promise<boolean> {
    try {
      this.#rotate();
      this.#append(batch);
      if (batch.some(({ done }) => done !== undefined)) await this.#file.sync();
      for (const { done } of batch) done?.resolve();
      return true;
    } catch (cause) {
      const message = `the audit log cannot be written: ${messageOf(cause)}`;
      this.#options.logger.error("audit log not written", { error: messageOf(cause) });
      const failure = new StatusError("ServiceUnavailable", message, { cause });
      for (const { done } of batch) done?.reject(failure);
      for (const waiting of batch.filter(({ done }) => done === undefined)) this.#enqueue(waiting);
      return false;
    }
  }

  #append(batch: readonly Waiting[]): void {
    let last = this.#last;
    let text = "";
    const time = formatTime(this.#options.clock.now());
    const lost = this.#lost === 0 ? [] : [{ time, stage: "note", note: recordsLost, lost: this.#lost }];
    for (const fields of [...lost, ...batch.map((waiting) => waiting.fields)]) {
      const { line, link } = chainRecord(last, fields);
      text += line;
      last = link;
    }
    this.#file.append(text);
    this.#last = last;
    this.#lost = 0;
    writeSync(this.#head, `${last.seq} ${last.hash}`.padEnd(headLength), 0);
  }

  #rotate(): void {
    const { directory, maxFileBytes = 64 * 2 ** 20, maxFiles = 32, openFile = openAuditFile } = this.#options;
    if (this.#file.bytes < maxFileBytes) return;
    const next = openFile(join(directory, auditFileName(this.#last.seq + 1)));
    this.#file.close();
    this.#file = next;
    for (const name of auditFileNames(directory).slice(0, -maxFiles)) rmSync(join(directory, name));
  }
}
