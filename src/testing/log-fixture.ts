import type { Test } from "tap";
import type { Clock } from "../runtime/clock.ts";
import type { CommitResult, Log } from "../store/log.ts";

/** A place for one log. `open` opens what is there; dispose of a log before opening the next one. */
export interface LogFixture {
  open(clock: Clock): Promise<Log>;
  /** Whether what was committed is still there when it is opened again. */
  readonly durable: boolean;
}

/** One rule of a log each, by the fact that it states. */
export type LogCases = Readonly<Record<string, (t: Test, log: Log) => Promise<void>>>;

/** Writes a value. */
export function put(log: Log, key: string, value: string, expected: number): Promise<CommitResult> {
  return log.commit({ key, value, expected });
}

/** The keys of a range. */
export async function keys(log: Log, options: Parameters<Log["range"]>[0]): Promise<string[]> {
  const { records } = await log.range(options);
  return records.map(({ key }) => key);
}
