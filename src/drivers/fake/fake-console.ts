import { StatusError } from "../../runtime/errors.ts";
import type { DomainConsole } from "../domain-console.ts";

/** More than this is not held for a reader that lags; who types waits. */
const maxWaitingBytes = 64 * 1024;

/** The console of a guest that greets whoever opens it and then says what it is told. */
export class FakeConsole implements DomainConsole {
  readonly #domainName: string;
  readonly #closed: (console: FakeConsole) => void;
  #waiting: Uint8Array[];
  #waitingBytes = 0;
  #over: { readonly error?: Error } | undefined;
  readonly #watchers = new Set<() => void>();

  /** `closed` is called once, when it is over for whatever reason. */
  constructor(domainName: string, closed: (console: FakeConsole) => void) {
    this.#domainName = domainName;
    this.#closed = closed;
    this.#waiting = [Buffer.from(`console of ${domainName}\r\n`)];
  }

  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const chunk = this.#waiting.shift();
        if (chunk !== undefined) {
          this.#waitingBytes -= chunk.length;
          this.#wake();
          yield chunk;
        } else if (this.#over === undefined) await this.#changed();
        else break;
      }
      if (this.#over?.error !== undefined) throw this.#over.error;
    } finally {
      this.end();
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    while (this.#over === undefined && this.#waitingBytes > maxWaitingBytes) await this.#changed();
    if (this.#over !== undefined) throw this.#over.error ?? lost(this.#domainName);
    this.#waiting.push(Uint8Array.from(bytes));
    this.#waitingBytes += bytes.length;
    this.#wake();
  }

  /** The guest has ended, or somebody else has taken it. */
  end(): void {
    this.#finish({});
  }

  /** The link to the host is lost. */
  lose(cause: unknown): void {
    this.#finish({ error: lost(this.#domainName, cause) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
  }

  #finish(over: { readonly error?: Error }): void {
    if (this.#over !== undefined) return;
    this.#over = over;
    this.#closed(this);
    this.#wake();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => void this.#watchers.add(resolve));
  }

  #wake(): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const resolve of watchers) resolve();
  }
}

function lost(domainName: string, cause?: unknown): StatusError {
  return new StatusError("OutcomeUnknown", `the console of domain "${domainName}" was lost`, { cause });
}
