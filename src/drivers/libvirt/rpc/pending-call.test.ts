import t from "tap";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { PendingCall } from "./pending-call.ts";
import { connectCalls } from "./procedures-connect.ts";
import { XdrReader } from "./xdr.ts";

type Call = PendingCall<object, { readonly version: number | bigint }>;

function start(onSent?: (serial: number) => void): { clock: ManualClock; call: Call } {
  const call = new PendingCall(connectCalls.getLibVersion, {}, "fake", onSent);
  return { clock: new ManualClock(), call };
}

const answer = (bytes: number): XdrReader => new XdrReader(Buffer.alloc(bytes));

t.test("an answer settles the call, and nothing watches it any more", async (t) => {
  const { clock, call } = start();
  const controller = new AbortController();
  call.watch(clock, 1000, controller.signal, () => t.fail("given up"));
  call.sent(1);
  call.answer(answer(8));
  t.strictSame(await call.promise, { version: 0 });
  t.equal(call.state, "settled");
  controller.abort();
  await clock.advance(1000);
  t.equal(clock.pendingTimers, 0);
});

t.test("an answer too short or too long cannot be read", async (t) => {
  for (const bytes of [4, 12]) {
    const { call } = start();
    call.sent(1);
    call.answer(answer(bytes));
    await t.rejects(call.promise, {
      reason: "InternalError",
      message: /GET_LIB_VERSION on fake: the answer/,
    });
  }
});

t.test("whether anything happened depends on whether the call was sent", async (t) => {
  const serials: number[] = [];
  const { call } = start((serial) => serials.push(serial));
  call.sent(9);
  t.strictSame(serials, [9]);
  call.abandon(new Error("gone"));
  await t.rejects(call.promise, {
    reason: "OutcomeUnknown",
    message: /gone; it may or may not have happened/,
  });
  const { call: queued } = start();
  queued.abandon(new Error("gone"));
  await t.rejects(queued.promise, { reason: "HostUnreachable", message: /was not sent: gone/ });
});
