import t from "tap";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { CallTable } from "./call-table.ts";
import { PendingCall } from "./pending-call.ts";
import { connectCalls } from "./procedures-connect.ts";

interface Scene {
  readonly clock: ManualClock;
  readonly table: CallTable;
  readonly sent: number[];
  readonly stuck: Error[];
  /** Submits a call and gives its outcome, whichever it is. */
  submit(deadlineMs?: number, signal?: AbortSignal): Promise<unknown>;
}

function start(maxInFlight: number): Scene {
  const clock = new ManualClock();
  const sent: number[] = [];
  const stuck: Error[] = [];
  const table = new CallTable({
    clock,
    maxInFlight,
    defaultDeadlineMs: 30_000,
    transmit: (serial) => sent.push(serial),
    onStuck: (reason) => stuck.push(reason),
  });
  const submit = (deadlineMs = 30_000, signal?: AbortSignal): Promise<unknown> => {
    const call = new PendingCall(connectCalls.getLibVersion, {}, "fake");
    table.submit(call, signal ? { deadlineMs, signal } : { deadlineMs });
    return call.promise.catch((error: unknown) => error);
  };
  return { clock, table, sent, stuck, submit };
}

t.test("free places are filled from the line, in order", async (t) => {
  const { table, sent, submit } = start(2);
  const outcomes = [1, 2, 3, 4].map(() => submit());
  t.strictSame([sent, table.inFlight, table.queued, table.isFull], [[1, 2], 2, 2, true]);
  t.ok(table.take(2));
  table.advance();
  t.strictSame([sent, table.inFlight, table.queued], [[1, 2, 3], 2, 1]);
  table.end(new Error("over"));
  t.strictSame([table.inFlight, table.queued], [0, 0]);
  const [first, second, , last] = outcomes;
  t.match(await first, { reason: "OutcomeUnknown" });
  t.match(await last, { reason: "HostUnreachable" });
  t.equal(await Promise.race([second, Promise.resolve("taken")]), "taken", "answered by whoever took it");
});

t.test("a call that waited in line was not sent, and the message says so", async (t) => {
  const { clock, table, sent, submit } = start(1);
  const controller = new AbortController();
  const first = submit(9000);
  const second = submit(1000);
  const third = submit(9000, controller.signal);
  controller.abort(new Error("shutting down"));
  await clock.advance(1000);
  t.match(await second, { reason: "HostUnreachable", message: /was not sent: no answer within 1000 ms/ });
  t.match(await third, { reason: "HostUnreachable", message: /was not sent: shutting down/ });
  t.strictSame([sent, table.queued], [[1], 0]);
  table.end(new Error("over"));
  await first;
  t.equal(clock.pendingTimers, 0);
});

t.test("a call that was given up keeps its place until it is answered after all", async (t) => {
  const { clock, table, sent, submit, stuck } = start(2);
  const late = submit(1000);
  await clock.advance(1000);
  t.match(await late, { reason: "OutcomeUnknown", message: /it may or may not have happened/ });
  void submit();
  void submit();
  t.strictSame(sent, [1, 2]);
  t.equal(table.take(1), undefined, "nobody waits for it any more");
  table.advance();
  t.strictSame(sent, [1, 2, 3]);
  t.strictSame(stuck, []);
  table.end(new Error("over"));
});

t.test("when calls that were given up hold every place the table is stuck", async (t) => {
  const { clock, submit, stuck } = start(2);
  void submit(1000);
  void submit(2000);
  await clock.advance(1000);
  t.equal(stuck.length, 0);
  await clock.advance(1000);
  t.match(stuck, [{ message: /none of 2 calls was answered/ }]);
});

t.test("an answer to a call that was not made breaks the protocol", async (t) => {
  t.throws(() => start(1).table.take(5), { name: "XdrError", message: /call 5, which was not made/ });
});
