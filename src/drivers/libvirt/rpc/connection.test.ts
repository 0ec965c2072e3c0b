import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { hasReason, StatusError } from "../../../runtime/errors.ts";
import { FakeLibvirtd, writeError } from "../../../testing/fake-libvirtd.ts";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { type ConnectionOptions, RpcConnection } from "./connection.ts";
import { LibvirtError } from "./errors.ts";
import { messageStatus, messageType, program } from "./frame.ts";
import { connectCalls } from "./procedures-connect.ts";
import { domainCalls } from "./procedures-domain.ts";
import type { XdrWriter } from "./xdr.ts";

function start(options: Partial<ConnectionOptions> & { coalesce?: boolean } = {}): {
  clock: ManualClock;
  daemon: FakeLibvirtd;
  connection: RpcConnection;
} {
  const clock = new ManualClock();
  const daemon = new FakeLibvirtd({ coalesce: options.coalesce ?? true });
  return { clock, daemon, connection: new RpcConnection(daemon.transport, { clock, ...options }) };
}

const version = (value: number) => (writer: XdrWriter) => writer.hyper(value);

/** The outcome of a call, whichever it is. */
const outcome = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

t.test("answers in any order reach the calls they belong to", async (t) => {
  const { clock, daemon, connection } = start();
  const calls = [1, 2, 3].map(() => connection.call(connectCalls.getLibVersion, {}));
  await clock.settle();
  for (const call of daemon.calls.toReversed()) daemon.reply(call, version(call.serial * 10));
  t.strictSame(await Promise.all(calls), [{ version: 10 }, { version: 20 }, { version: 30 }]);
  t.equal(clock.pendingTimers, 1, "only the keepalive is left");
  connection.close();
  t.equal(clock.pendingTimers, 0);
});

t.test("a refusal carries all that the daemon said", async (t) => {
  const { clock, daemon, connection } = start();
  const call = outcome(connection.call(domainCalls.lookupByName, { name: "none" }));
  await clock.settle();
  t.equal(daemon.calls[0]?.payload.string(), "none");
  daemon.refuse({ procedure: 23, serial: 1 }, 42, "Domain not found");
  const error = await call;
  t.ok(error instanceof LibvirtError);
  t.match(error, { code: 42, domain: 7, level: 2, int1: -1, message: "Domain not found" });
  t.match(error, { procedure: "DOMAIN_LOOKUP_BY_NAME" });
  connection.close();
});

t.test("whether anything may be changed is asked when a call is sent, not when it is made", async (t) => {
  let may = true;
  const { clock, daemon, connection } = start({ maxInFlight: 1, mayAct: () => may });
  const first = outcome(connection.call(connectCalls.getLibVersion, {}));
  const domain = { name: "web", uuid: "01234567-89ab-4cde-8f01-23456789abcd", id: -1 };
  const waiting = outcome(connection.call(domainCalls.create, { domain, flags: 0 }));
  const look = connection.call(connectCalls.getLibVersion, {});
  await clock.settle();
  may = false;
  for (const call of daemon.calls) daemon.reply(call, version(1));
  await first;
  const refused = await waiting;
  t.ok(hasReason(refused, "HostUnreachable"), "which says that nothing was sent");
  t.match(refused, { message: /DOMAIN_CREATE_WITH_FLAGS was not sent/ });
  await clock.settle();
  for (const call of daemon.calls.slice(1)) daemon.reply(call, version(2));
  t.strictSame(await look, { version: 2 }, "looking is always allowed");
  connection.close();
});

t.test("no more calls than allowed are before the daemon, and the others keep their order", async (t) => {
  const { clock, daemon, connection } = start({ maxInFlight: 2 });
  const calls = ["a", "b", "c", "d"].map((name) =>
    outcome(connection.call(domainCalls.lookupByName, { name })),
  );
  await clock.settle();
  t.equal(daemon.calls.length, 2);
  t.equal(connection.queued, 2);
  daemon.refuse({ procedure: 23, serial: 2 }, 42, "");
  await clock.settle();
  t.strictSame(
    daemon.calls.map(({ payload }) => payload.string()),
    ["a", "b", "c"],
  );
  connection.close();
  await Promise.all(calls);
});

t.test("after its deadline the outcome of a call is unknown, and its place stays taken", async (t) => {
  const { clock, daemon, connection } = start({ maxInFlight: 2 });
  const late = outcome(connection.call(connectCalls.getLibVersion, {}, { deadlineMs: 1000 }));
  await clock.advance(1000);
  t.ok(hasReason(await late, "OutcomeUnknown"));
  t.match(await late, { message: /CONNECT_GET_LIB_VERSION on fake: no answer within 1000 ms/ });
  t.equal(connection.inFlight, 1);
  daemon.reply({ procedure: 157, serial: 1 }, version(1));
  await clock.settle();
  t.equal(connection.inFlight, 0, "a late answer frees the place and is dropped");
  connection.close();
});

t.test("an aborted signal gives up a call that was sent, or does not send it", async (t) => {
  const { clock, daemon, connection } = start();
  const controller = new AbortController();
  const call = outcome(connection.call(connectCalls.getLibVersion, {}, { signal: controller.signal }));
  await clock.settle();
  controller.abort(new Error("enough"));
  t.match(await call, { reason: "OutcomeUnknown", cause: { message: "enough" } });
  const never = outcome(connection.call(connectCalls.getLibVersion, {}, { signal: controller.signal }));
  t.ok(hasReason(await never, "HostUnreachable"));
  t.equal(daemon.calls.length, 1);
  connection.close();
});

t.test("the end of the connection rejects every call at once", async (t) => {
  const { clock, daemon, connection } = start({ maxInFlight: 1 });
  const sent = outcome(connection.call(connectCalls.getLibVersion, {}));
  const queued = outcome(connection.call(connectCalls.getLibVersion, {}));
  await clock.settle();
  daemon.close();
  t.match(await sent, { reason: "OutcomeUnknown", message: /the daemon closed the connection/ });
  t.match(await queued, { reason: "HostUnreachable" });
  t.match(await connection.closed, { message: "the daemon closed the connection" });
  t.match(await outcome(connection.call(connectCalls.getLibVersion, {})), { reason: "HostUnreachable" });
  t.equal(clock.pendingTimers, 0);
});

t.test("arguments that cannot be written reject their call only", async (t) => {
  const { clock, daemon, connection } = start();
  const bad = outcome(connection.call(domainCalls.lookupByName, { name: "a\0b" }));
  const good = connection.call(connectCalls.getLibVersion, {});
  t.match(await bad, { reason: "BadRequest" });
  await clock.settle();
  for (const call of daemon.calls) daemon.reply(call, version(5));
  t.strictSame(await good, { version: 5 });
  connection.close();
});

t.test("a ping is answered, whatever was agreed", async (t) => {
  const { clock, daemon, connection } = start();
  daemon.send(
    daemon.frame({
      program: program.keepalive,
      procedure: 1,
      type: messageType.message,
      serial: 0,
      status: 0,
    }),
  );
  await clock.settle();
  t.match(daemon.received, [{ program: program.keepalive, procedure: 2, type: messageType.message }]);
  connection.close();
});

t.test("a daemon that is silent, pings or not, is taken for dead", async (t) => {
  const { clock, daemon, connection } = start();
  await clock.advance(35_000);
  t.match(await connection.closed, { message: /no answer from the daemon for 30 s$/ });
  t.equal(daemon.received.filter((frame) => frame.program === program.keepalive).length, 6);
});

t.test("replies are routed before the events that came with them", async (t) => {
  const order: string[] = [];
  const { clock, daemon, connection } = start({ onMessage: (procedure) => order.push(`event ${procedure}`) });
  const call = connection.call(connectCalls.getLibVersion, {}).then(() => order.push("reply"));
  await clock.settle();
  const header = { type: messageType.message, serial: 0, status: 0 };
  daemon.send(
    daemon.frame({ ...header, procedure: 318 }),
    daemon.frame(
      { procedure: 157, serial: 1, type: messageType.reply, status: messageStatus.ok },
      version(1),
    ),
    daemon.frame({ ...header, procedure: 319 }),
  );
  await call;
  t.equal(connection.inFlight, 0);
  t.strictSame(
    order,
    ["event 318", "event 319", "reply"],
    "delivered in the turn in which the reply settles",
  );
  connection.close();
});

t.test("what breaks the protocol ends the connection", async (t) => {
  const cases: Record<string, (daemon: FakeLibvirtd) => Buffer> = {
    "an absurd length": () => Buffer.from("20008086", "hex"),
    "an answer to nothing": (daemon) =>
      daemon.frame({ procedure: 1, serial: 99, type: messageType.reply, status: 0 }),
    "a call": (daemon) => daemon.frame({ procedure: 1, serial: 1, type: messageType.call, status: 0 }),
  };
  for (const [name, bytes] of Object.entries(cases)) {
    const { daemon, connection } = start();
    daemon.send(bytes(daemon));
    t.match(await connection.closed, { message: /broke the protocol/ }, name);
  }
});

t.test("an answer that cannot be read rejects its call and the connection goes on", async (t) => {
  const { clock, daemon, connection } = start();
  const calls = [1, 2].map(() => outcome(connection.call(connectCalls.getLibVersion, {})));
  await clock.settle();
  daemon.reply({ procedure: 157, serial: 1 }, (writer) => writer.int(1));
  daemon.reply({ procedure: 157, serial: 2 }, version(3));
  t.match(await calls[0], { reason: "InternalError", message: /cannot be read/ });
  t.strictSame(await calls[1], { version: 3 });
  connection.close();
});

t.test("valid traffic with bytes changed settles every call, with a value or a typed error", async () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 6,
  });
  const refused = (writer: XdrWriter): void => writeError(writer, 42, "Domain not found");
  const stats = (writer: XdrWriter): void => {
    writer.uint(1);
    writer.string("vm");
    writer.fixedOpaque(Buffer.alloc(16, 1));
    writer.int(3);
    writer.uint(1);
    writer.string("state.state");
    writer.int(1);
    writer.int(5);
  };
  await fc.assert(
    fc.asyncProperty(changes, async (places) => {
      const { clock, daemon, connection } = start();
      const calls = [
        outcome(connection.call(connectCalls.getAllDomainStats, { domains: [], groups: 1, flags: 0 })),
        outcome(connection.call(domainCalls.lookupByName, { name: "x" })),
      ];
      await clock.settle();
      const bytes = Buffer.concat([
        daemon.frame({ procedure: 344, serial: 1, type: messageType.reply, status: messageStatus.ok }, stats),
        daemon.frame(
          { procedure: 23, serial: 2, type: messageType.reply, status: messageStatus.error },
          refused,
        ),
      ]);
      for (const [at, value] of places) bytes[at % bytes.length] = value;
      daemon.send(bytes);
      await clock.settle();
      connection.close();
      for (const result of await Promise.all(calls)) {
        const typed = result instanceof LibvirtError || result instanceof StatusError;
        assert.ok(typed || !(result instanceof Error), String(result));
      }
      assert.equal(clock.pendingTimers, 0);
    }),
    { numRuns: 400 },
  );
});
