import { pino } from "pino";

/** Fields of a log line. Never secrets, never whole objects. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * A constant lower-case message plus fields; never a formatted sentence.
 * One line per decision that changed something, silence otherwise.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  with(fields: LogFields): Logger;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** Says nothing. For tests and for tools whose output is the result. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLogger,
};

/** JSON lines on standard error; those that cannot be written are lost. */
export function createLogger(level: LogLevel): Logger {
  const lines = pino.destination({ dest: 2, sync: true });
  // A log on a full disk must not end what it tells of.
  lines.on("error", () => {});
  const root = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, lines);
  return new PinoLogger(root, () => root);
}

/** Every piece of work gets a logger, and hardly any writes a line: only then it is really made. */
class PinoLogger implements Logger {
  readonly #root: pino.Logger;
  readonly #make: () => pino.Logger;
  #made: pino.Logger | undefined;

  constructor(root: pino.Logger, make: () => pino.Logger) {
    this.#root = root;
    this.#make = make;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  with(fields: LogFields): Logger {
    return new PinoLogger(this.#root, () => this.#target.child(fields));
  }

  #write(level: Exclude<LogLevel, "silent">, message: string, fields: LogFields = {}): void {
    if (this.#root.isLevelEnabled(level)) this.#target[level](fields, message);
  }

  get #target(): pino.Logger {
    this.#made ??= this.#make();
    return this.#made;
  }
}
