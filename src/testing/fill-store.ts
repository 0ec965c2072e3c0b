// Writes to the store in the directory given until a write fails, then reports as JSON on standard output.
import { systemClock } from "../runtime/clock.ts";
import { StatusError } from "../runtime/errors.ts";
import { systemRandom } from "../runtime/random.ts";
import { openSqliteLog } from "../store/sqlite-log.ts";

const directory = process.argv[2] ?? "";
const log = await openSqliteLog({ directory, clock: systemClock, random: systemRandom });
let acked = 0;
const write = (): Promise<StatusError | undefined> =>
  log.commit({ key: `/k/${acked}`, value: "x".repeat(20_000), expected: 0 }).then(
    () => undefined,
    (error: unknown) =>
      error instanceof StatusError ? error : new StatusError("InternalError", String(error)),
  );
let failure = await write();
while (failure === undefined) {
  acked += 1;
  failure = await write();
}
const later = await write();
const readable = (await log.range({ prefix: "/" })).records.length;
console.log(
  JSON.stringify({ acked, reason: failure.reason, message: failure.message, later: later?.reason, readable }),
);
