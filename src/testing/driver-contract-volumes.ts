import type { Test } from "tap";
import type { HostConnection, VolumeContent } from "../drivers/driver.ts";
import { systemRandom } from "../runtime/random.ts";
import type { DriverSupports, DriverUnderTest } from "./driver-contract.ts";
import { driverFixture } from "./driver-fixture.ts";
import { fails } from "./fails.ts";

const MiB = 2 ** 20;

/** What verbs on volumes do. */
export async function volumeContract(
  t: Test,
  host: DriverUnderTest,
  supports: DriverSupports,
): Promise<void> {
  await t.test("a blank volume is made once, listed, and deleted as often as asked", async (t) => {
    const { connection, volume, signal } = await driverFixture(t, host);
    const spec = { volume: volume("blank.qcow2"), capacityBytes: 8 * MiB };
    t.equal(await capacityOf(connection, spec.volume, signal), undefined);
    await connection.ensureVolume(spec, signal);
    await connection.ensureVolume(spec, signal);
    t.equal(await capacityOf(connection, spec.volume, signal), 8 * MiB);
    await connection.deleteVolume(spec.volume, signal);
    await connection.deleteVolume(spec.volume, signal);
    t.equal(await capacityOf(connection, spec.volume, signal), undefined);
  });

  await t.test("a volume never shrinks", async (t) => {
    const { connection, volume, signal } = await driverFixture(t, host);
    const name = volume("steady.qcow2");
    await connection.ensureVolume({ volume: name, capacityBytes: 8 * MiB }, signal);
    await connection.ensureVolume({ volume: name, capacityBytes: 4 * MiB }, signal);
    t.equal(await capacityOf(connection, name, signal), 8 * MiB);
  });

  const growth = supports.growth ? {} : { skip: "volumes here cannot grow" };
  await t.test("a volume grows", growth, async (t) => {
    const { connection, volume, signal } = await driverFixture(t, host);
    const name = volume("growing.qcow2");
    for (const capacityBytes of [4 * MiB, 8 * MiB, 8 * MiB]) {
      await connection.ensureVolume({ volume: name, capacityBytes }, signal);
      t.equal(await capacityOf(connection, name, signal), capacityBytes);
    }
  });

  await t.test("a volume name is a plain file name", async (t) => {
    const { connection, signal } = await driverFixture(t, host);
    for (const volume of ["", ".", "..", "../x", "a/b", "/etc/passwd", ".hidden", "A", "a\u0000", "é"]) {
      const why = JSON.stringify(volume);
      await fails(t, connection.ensureVolume({ volume, capacityBytes: MiB }, signal), "Invalid", why);
      await fails(t, connection.deleteVolume(volume, signal), "Invalid", why);
      await fails(t, connection.readVolume(volume, signal), "Invalid", why);
      await fails(t, connection.ensureContent(contentOf(volume).content, signal), "Invalid", why);
    }
  });

  await t.test("a raw volume is its bytes, and grows", growth, async (t) => {
    const { connection, volume, signal } = await driverFixture(t, host);
    const spec = { volume: volume("plain.raw"), format: "raw" } as const;
    for (const capacityBytes of [2 * MiB, 3 * MiB, MiB]) {
      await connection.ensureVolume({ ...spec, capacityBytes }, signal);
      const expected = Math.max(2 * MiB, capacityBytes === MiB ? 3 * MiB : capacityBytes);
      t.equal(await capacityOf(connection, spec.volume, signal), expected);
      const reading = await connection.readVolume(spec.volume, signal);
      t.equal(reading.sizeBytes, expected);
      const bytes = await bytesOf(reading.open(signal));
      t.equal(bytes.length, expected);
      t.ok(
        bytes.every((byte) => byte === 0),
        "blank",
      );
    }
  });

  await t.test("an overlay needs its backing volume", async (t) => {
    const { connection, volume, signal } = await driverFixture(t, host);
    const name = volume("overlay.qcow2");
    const backing = { volume: "no-such.raw", format: "raw" } as const;
    const ensured = connection.ensureVolume({ volume: name, capacityBytes: MiB, backing }, signal);
    await fails(t, ensured, "NotFound");
    t.equal(await capacityOf(connection, name, signal), undefined);
  });

  await t.test("volumes of one cluster are not those of another", async (t) => {
    const { connection, connect, volume, signal } = await driverFixture(t, host);
    const name = volume("mine.qcow2");
    await connection.ensureVolume({ volume: name, capacityBytes: MiB }, signal);
    const other = await connect(systemRandom.uuid());
    t.equal(await capacityOf(other, name, signal), undefined);
    await other.deleteVolume(name, signal);
    t.equal(await capacityOf(connection, name, signal), MiB);
  });

  const uploads = supports.uploads ? {} : { skip: "volumes here hold no bytes" };
  await t.test("content is uploaded once, however often it is asked for", uploads, async (t) => {
    const { connection, clusterId, volume, signal } = await driverFixture(t, host);
    const source = contentOf(volume("content.raw"), 3 * MiB + 17);
    await Promise.all([
      connection.ensureContent(source.content, signal),
      connection.ensureContent(source.content, signal),
    ]);
    await connection.ensureContent(source.content, signal);
    t.equal(source.opened(), 1);
    t.ok(source.bytes.equals(await host.outside.readVolume(clusterId, "content.raw")), "byte for byte");
    t.ok((await capacityOf(connection, "content.raw", signal)) !== undefined, "listed");
    const backing = { volume: "content.raw", format: "raw" } as const;
    const overlay = volume("overlay.qcow2");
    await connection.ensureVolume({ volume: overlay, capacityBytes: 16 * MiB, backing }, signal);
    t.equal(await capacityOf(connection, overlay, signal), 16 * MiB);
    t.ok(source.bytes.equals(await host.outside.readVolume(clusterId, "content.raw")), "never touched");
  });

  await t.test(
    "a volume is read as it is, as often as wanted, and carried to another name",
    uploads,
    async (t) => {
      const { connection, volume, signal } = await driverFixture(t, host);
      await fails(t, connection.readVolume("nothing.raw", signal), "NotFound");
      const source = contentOf(volume("first.raw"), 3 * MiB + 17);
      await connection.ensureContent(source.content, signal);
      const reading = await connection.readVolume("first.raw", signal);
      t.equal(reading.sizeBytes, source.bytes.length);
      for (let pass = 0; pass < 2; pass += 1) {
        t.ok(source.bytes.equals(await bytesOf(reading.open(signal))), "byte for byte");
      }
      const blank = { volume: volume("blank.qcow2"), capacityBytes: 8 * MiB };
      await connection.ensureVolume(blank, signal);
      const { sizeBytes, open } = await connection.readVolume("blank.qcow2", signal);
      const carried = { volume: volume("carried.qcow2"), format: "qcow2", sizeBytes } as const;
      await connection.ensureContent({ ...carried, open: () => open(signal) }, signal);
      t.equal(await capacityOf(connection, "carried.qcow2", signal), 8 * MiB);
      const stop = new AbortController();
      const given = reading.open(stop.signal)[Symbol.asyncIterator]();
      stop.abort(new Error("enough"));
      await fails(t, given.next(), /^(OutcomeUnknown|HostUnreachable)$/);
    },
  );

  await t.test("half an upload is not listed and is done again", uploads, async (t) => {
    const { connection, clusterId, volume, signal } = await driverFixture(t, host);
    const source = contentOf(volume("half.raw"), 2 * MiB);
    const broken = { ...source.content, open: () => failing(source.bytes.subarray(0, MiB)) };
    await t.rejects(connection.ensureContent(broken, signal), /the source went away/);
    t.equal(await capacityOf(connection, "half.raw", signal), undefined);
    const short = { ...source.content, open: () => chunksOf(source.bytes.subarray(0, MiB)) };
    await fails(t, connection.ensureContent(short, signal), "Invalid");
    const long = { ...source.content, open: () => chunksOf(Buffer.concat([source.bytes, source.bytes])) };
    await fails(t, connection.ensureContent(long, signal), "Invalid");
    t.equal(await capacityOf(connection, "half.raw", signal), undefined);
    await connection.ensureContent(source.content, signal);
    t.ok(source.bytes.equals(await host.outside.readVolume(clusterId, "half.raw")), "byte for byte");
    t.equal(await capacityOf(connection, "half.raw", signal), 2 * MiB);
  });

  await t.test("an upload that is given up is done again, also by another connection", uploads, async (t) => {
    const { connection, connect, clusterId, volume, signal } = await driverFixture(t, host);
    const source = contentOf(volume("given-up.raw"), 2 * MiB);
    const stop = new AbortController();
    const stuck = { ...source.content, open: () => sticking(source.bytes.subarray(0, MiB), stop) };
    await fails(t, connection.ensureContent(stuck, stop.signal), "OutcomeUnknown");
    const other = await connect();
    t.equal(await capacityOf(other, "given-up.raw", signal), undefined);
    await other.ensureContent(source.content, signal);
    t.ok(source.bytes.equals(await host.outside.readVolume(clusterId, "given-up.raw")), "byte for byte");
  });
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function capacityOf(
  connection: HostConnection,
  volume: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { volumes } = await connection.observe(signal);
  return volumes.find((found) => found.name === volume)?.capacityBytes;
}

function contentOf(volume: string, sizeBytes = 16) {
  const bytes = Buffer.from(systemRandom.bytes(sizeBytes));
  let opened = 0;
  const content: VolumeContent = {
    volume,
    format: "raw",
    sizeBytes,
    open: () => {
      opened += 1;
      return chunksOf(bytes);
    },
  };
  return { content, bytes, opened: () => opened };
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let from = 0; from < bytes.length; from += 100_000) yield bytes.subarray(from, from + 100_000);
}

async function* failing(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunksOf(bytes);
  throw new Error("the source went away");
}

/** Gives some, then nothing, and has the caller give up. */
async function* sticking(
  bytes: Uint8Array,
  stop: AbortController,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunksOf(bytes);
  setImmediate(() => stop.abort(new Error("given up")));
  await new Promise(() => undefined);
}
