import type { Test } from "tap";
import type { DomainConsole } from "../drivers/domain-console.ts";
import type { OwnershipMark } from "../drivers/driver.ts";
import { hasReason } from "../runtime/errors.ts";
import type { DriverSupports, DriverUnderTest } from "./driver-contract.ts";
import { type DriverFixture, driverFixture } from "./driver-fixture.ts";
import { fails } from "./fails.ts";

/** What opening a serial console does. */
export async function consoleContract(
  t: Test,
  host: DriverUnderTest,
  supports: DriverSupports,
): Promise<void> {
  const gentle = { force: false };

  await t.test("a domain that does not run has no console, nor has one that is not there", async (t) => {
    const { connection, define, signal } = await driverFixture(t, host);
    const definition = define();
    const { mark } = definition;
    await fails(t, connection.openConsole(mark, gentle, signal), "NotFound");
    await connection.defineDomain(definition, signal);
    await fails(t, connection.openConsole(mark, gentle, signal), "OperationInvalid");
  });

  if (!supports.consoles) {
    await t.test("where there are no consoles opening one says so", async (t) => {
      const fixture = await driverFixture(t, host);
      const mark = await running(fixture);
      await fails(t, fixture.connection.openConsole(mark, gentle, fixture.signal), "Unsupported");
    });
    return;
  }

  await t.test("a console is one person's until they leave it or it is taken by force", async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const mark = await running(fixture);
    const first = await connection.openConsole(mark, gentle, signal);
    const firstEnd = endOf(first);
    await first.write(Buffer.from("\r"));
    const other = await fixture.connect();
    await fails(t, other.openConsole(mark, gentle, signal), "Conflict");
    const second = await other.openConsole(mark, { force: true }, signal);
    t.equal(await firstEnd, "ended");
    await fails(t, written(first), "OutcomeUnknown");
    await second.write(Buffer.from("\r"));
    await second[Symbol.asyncDispose]();
    const third = await connection.openConsole(mark, gentle, signal);
    await third[Symbol.asyncDispose]();
    t.match(await connection.observeDomain(mark.uid, signal), { state: "running" }, "it does not mind");
  });

  await t.test("leaving the output early leaves the console", async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const mark = await running(fixture);
    for (let times = 0; times < 3; times += 1) {
      const console = await connection.openConsole(mark, gentle, signal);
      const output = console.read()[Symbol.asyncIterator]();
      const pending = output.next().catch(() => undefined);
      await console[Symbol.asyncDispose]();
      await pending;
    }
  });

  await t.test("a console ends with its guest", async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const mark = await running(fixture);
    const end = endOf(await connection.openConsole(mark, gentle, signal));
    await connection.destroyDomain(mark, signal);
    t.equal(await end, "ended");
  });

  await t.test("a console is lost with the link, and is then never taken for one that ended", async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const mark = await running(fixture);
    const closed = await fixture.connect();
    const end = endOf(await closed.openConsole(mark, gentle, signal));
    await closed[Symbol.asyncDispose]();
    t.equal(await end, "lost", "closed by us");
    // By force: the host may not have noticed yet that the first one has gone.
    const second = endOf(await connection.openConsole(mark, { force: true }, signal));
    await host.outside.breakLinks();
    t.equal(await second, "lost", "broken");
  });

  await t.test("opening one that is given up leaves it to others", async (t) => {
    const fixture = await driverFixture(t, host);
    const { connection, signal } = fixture;
    const mark = await running(fixture);
    const stop = new AbortController();
    const attempt = connection.openConsole(mark, gentle, stop.signal);
    stop.abort(new Error("given up"));
    const given = await attempt.catch((error: unknown) => {
      t.match(error, { reason: "OutcomeUnknown" });
      return undefined;
    });
    await given?.[Symbol.asyncDispose]();
    const console = await connection.openConsole(mark, { force: true }, signal);
    await console[Symbol.asyncDispose]();
  });
}

async function running({ connection, define, signal }: DriverFixture): Promise<OwnershipMark> {
  const definition = define();
  await connection.defineDomain(definition, signal);
  await connection.startDomain(definition.mark, signal);
  return definition.mark;
}

async function endOf(console: DomainConsole): Promise<"ended" | "lost"> {
  try {
    for await (const _bytes of console.read());
    return "ended";
  } catch (error) {
    if (hasReason(error, "OutcomeUnknown")) return "lost";
    throw error;
  }
}

/** Types until it is refused: what is under way to a console that was taken may still be accepted. */
async function written(console: DomainConsole): Promise<void> {
  for (let times = 0; times < 100; times += 1) await console.write(Buffer.from("x"));
}
