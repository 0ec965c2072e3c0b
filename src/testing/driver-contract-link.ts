import type { Test } from "tap";
import type { DomainDefinition, Hint, HostConnection, OwnershipMark } from "../drivers/driver.ts";
import { unreachableReason } from "../drivers/unreachable.ts";
import type { DriverUnderTest } from "./driver-contract.ts";
import { driverFixture } from "./driver-fixture.ts";
import { fails } from "./fails.ts";

const linkReasons = /^(HostUnreachable|OutcomeUnknown)$/;

/** How links come and go. */
export async function linkContract(t: Test, host: DriverUnderTest): Promise<void> {
  await t.test("where nobody answers, connecting says so", async (t) => {
    const { signal } = new AbortController();
    const options = { uri: host.unreachableUri, clusterId: "cluster", signal };
    await fails(t, host.driver.connect(options), "HostUnreachable");
    const aborted = AbortSignal.abort(new Error("given up"));
    const attempt = host.driver.connect({ ...options, uri: host.uri, signal: aborted });
    await fails(t, attempt, "HostUnreachable");
  });

  await t.test("a link tells that it was heard, and that nothing is out on it", async (t) => {
    const { connection, signal } = await driverFixture(t, host);
    const { heardAtMs } = connection.health;
    await connection.observe(signal);
    t.ok(connection.health.heardAtMs >= heardAtMs);
    t.equal(connection.health.inFlight, 0);
  });

  await t.test("where nobody answers it is told why in one word", async (t) => {
    const { signal } = new AbortController();
    const options = { uri: host.unreachableUri, clusterId: "cluster", signal };
    const error = await host.driver.connect(options).catch((caught: unknown) => caught);
    t.type(unreachableReason(error), "string");
  });

  await t.test("a verb whose signal has aborted does not claim to have failed or succeeded", async (t) => {
    const { connection, define, volume, signal } = await driverFixture(t, host);
    const definition = define();
    await connection.defineDomain(definition, signal);
    const aborted = AbortSignal.abort(new Error("given up"));
    for (const [verb, call] of verbsOf(connection, definition, volume("aborted.qcow2"), aborted)) {
      await fails(t, call(), linkReasons, verb);
    }
    t.match(await connection.observeDomain(definition.mark.uid, signal), { state: "shutoff" });
  });

  await t.test("hints end when their reader gives up", async (t) => {
    const { connection } = await driverFixture(t, host);
    const stop = new AbortController();
    const reading = all(connection.hints(stop.signal));
    stop.abort(new Error("enough"));
    t.type(await reading, Array);
    t.strictSame(await all(connection.hints(stop.signal)), []);
  });

  await t.test("closing a link ends it for every verb and reader", async (t) => {
    const { connection, connect, define, signal } = await driverFixture(t, host);
    const link = await connect();
    const reading = all(link.hints(signal));
    await link[Symbol.asyncDispose]();
    await link[Symbol.asyncDispose]();
    t.type(await link.closed, Error);
    t.type(await reading, Array);
    for (const [verb, call] of verbsOf(link, define(), "closed.qcow2", signal)) {
      await fails(t, call(), "HostUnreachable", verb);
    }
    t.ok(await connection.observe(signal), "other links go on");
  });

  await t.test("a lost link says so at once, and a new one can be made", async (t) => {
    const { connection, connect, define, signal } = await driverFixture(t, host);
    const reading = all(connection.hints(signal));
    await host.outside.breakLinks();
    t.type(await connection.closed, Error);
    t.type(await reading, Array);
    for (const [verb, call] of verbsOf(connection, define(), "lost.qcow2", signal)) {
      await fails(t, call(), linkReasons, verb);
    }
    t.ok(await (await connect()).observe(signal));
  });
}

const someVolume = { name: "data", format: "qcow2", target: "vdaa" } as const;

function verbsOf(
  connection: HostConnection,
  definition: DomainDefinition,
  volume: string,
  signal: AbortSignal,
): readonly (readonly [string, () => Promise<unknown>])[] {
  const mark: OwnershipMark = definition.mark;
  const content = { volume, format: "raw", sizeBytes: 0, open: async function* () {} } as const;
  return Object.entries({
    describe: () => connection.describe(signal),
    probe: () => connection.probeAccelerator(definition.accelerator, signal),
    measure: () => connection.measure(signal),
    observe: () => connection.observe(signal),
    observeDomain: () => connection.observeDomain(mark.uid, signal),
    define: () => connection.defineDomain(definition, signal),
    start: () => connection.startDomain(mark, signal),
    suspend: () => connection.suspendDomain(mark, signal),
    resume: () => connection.resumeDomain(mark, signal),
    shutdown: () => connection.shutdownDomain(mark, signal),
    destroy: () => connection.destroyDomain(mark, signal),
    undefine: () => connection.undefineDomain(mark, signal),
    ensureContent: () => connection.ensureContent(content, signal),
    ensureVolume: () => connection.ensureVolume({ volume, capacityBytes: 2 ** 20 }, signal),
    deleteVolume: () => connection.deleteVolume(volume, signal),
    readVolume: () => connection.readVolume(volume, signal),
    observeVolumes: () => connection.observeVolumes(mark.uid, signal),
    attachVolume: () => connection.attachVolume(mark, { ...someVolume, volume }, signal),
    detachVolume: () => connection.detachVolume(mark, { ...someVolume, volume }, signal),
    openConsole: () => connection.openConsole(mark, { force: false }, signal),
    growVolume: () => connection.growVolume(mark, { ...someVolume, volume }, 2 ** 30, signal),
  });
}

async function all(hints: AsyncIterable<Hint>): Promise<Hint[]> {
  const found: Hint[] = [];
  for await (const hint of hints) found.push(hint);
  return found;
}
