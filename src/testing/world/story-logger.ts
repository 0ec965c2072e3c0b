import type { LogFields, Logger } from "../../runtime/logger.ts";

export interface StoryLine {
  readonly atMs: number;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: LogFields;
}

export type StoryTeller = (line: StoryLine) => void;

/** A controller's log lines with their virtual times; without a teller nobody hears them. */
export class StoryLogger implements Logger {
  readonly #tell: StoryTeller | undefined;
  readonly #now: () => number;
  readonly #fields: LogFields;

  constructor(tell: StoryTeller | undefined, now: () => number, fields: LogFields) {
    this.#tell = tell;
    this.#now = now;
    this.#fields = fields;
  }

  debug(message: string, fields?: LogFields): void {
    this.#say("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#say("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#say("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#say("error", message, fields);
  }

  with(fields: LogFields): Logger {
    if (this.#tell === undefined) return this;
    return new StoryLogger(this.#tell, this.#now, { ...this.#fields, ...fields });
  }

  #say(level: StoryLine["level"], message: string, fields: LogFields = {}): void {
    this.#tell?.({ atMs: this.#now(), level, message, fields: { ...this.#fields, ...fields } });
  }
}
