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
  return wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, lines));
}

function wrap(target: pino.Logger): Logger {
  return {
    debug: (message, fields) => target.debug(fields ?? {}, message),
    info: (message, fields) => target.info(fields ?? {}, message),
    warn: (message, fields) => target.warn(fields ?? {}, message),
    error: (message, fields) => target.error(fields ?? {}, message),
    with: (fields) => wrap(target.child(fields)),
  };
}
