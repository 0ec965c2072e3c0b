import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";
import { systemClock } from "../../../runtime/clock.ts";
import { messageOf, StatusError } from "../../../runtime/errors.ts";
import { FakeLibvirtd } from "../../../testing/fake-libvirtd.ts";
import { type LibvirtHost, libvirtAvailable, startLibvirtHost } from "../../../testing/libvirt-host.ts";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { connectUnix } from "../transport/unix.ts";
import { errorCode, isLibvirtError } from "./errors.ts";
import { type LibvirtEvent, lifecycleEvent } from "./event-layouts.ts";
import { type ClientOptions, LibvirtClient } from "./libvirt-client.ts";
import { authType, connectCalls, statsGroup } from "./procedures-connect.ts";
import { domainCalls } from "./procedures-domain.ts";
import { poolCalls, volumeCalls } from "./procedures-storage.ts";
import { paramMap } from "./types.ts";

const { available, reason } = libvirtAvailable();
const options = { skip: available ? false : reason };

async function open(
  host: LibvirtHost,
  driverUri: string,
  more: Partial<ClientOptions> = {},
): Promise<LibvirtClient> {
  return LibvirtClient.open(await connectUnix([host.socketPath]), { driverUri, clock: systemClock, ...more });
}

const testXml = (name: string): string =>
  `<domain type='test'><name>${name}</name><memory>1024</memory><os><type>hvm</type></os></domain>`;

t.test("a daemon that demands SASL is refused with what to do instead", async (t) => {
  const clock = new ManualClock();
  const daemon = new FakeLibvirtd();
  const opening = LibvirtClient.open(daemon.transport, { driverUri: "qemu:///system", clock });
  await clock.settle();
  daemon.reply({ procedure: 66, serial: 1 }, (writer) => {
    writer.uint(1);
    writer.int(authType.sasl);
  });
  await t.rejects(opening, {
    reason: "Unauthorized",
    message: /SASL, which is not supported: connect by SSH/,
  });
});

t.test("opening asks for authentication, then for pings, then for the hypervisor", async (t) => {
  const clock = new ManualClock();
  const daemon = new FakeLibvirtd({ negotiateKeepalive: true });
  const opening = LibvirtClient.open(daemon.transport, {
    driverUri: "qemu:///system",
    readOnly: true,
    clock,
  });
  const answers = [[1, authType.polkit], [1], [1], []];
  for (const [index, words] of answers.entries()) {
    await clock.settle();
    daemon.reply(daemon.calls[index] ?? { procedure: 0, serial: 0 }, (writer) => {
      for (const word of words) writer.int(word);
    });
  }
  const client = await opening;
  t.strictSame(
    daemon.calls.map(({ procedure }) => procedure),
    [66, 70, 60, 1],
  );
  const openCall = daemon.calls[3]?.payload;
  t.strictSame([openCall?.uint(), openCall?.string(), openCall?.uint()], [1, "qemu:///system", 1]);
  const closing = client.close();
  await clock.advance(2000);
  await closing;
});

t.test("a daemon that does not answer at all is given up after the deadline", async (t) => {
  const clock = new ManualClock();
  const opening = LibvirtClient.open(new FakeLibvirtd().transport, {
    driverUri: "qemu:///system",
    clock,
    openDeadlineMs: 9000,
  });
  const refused = t.rejects(opening, {
    reason: "HostUnreachable",
    message: /cannot open qemu:\/\/\/system: no answer within 9000 ms/,
  });
  await clock.advance(9000);
  await refused;
});

t.test("with the test driver", options, async (t) => {
  await using host = await startLibvirtHost();
  await using client = await open(host, "test:///default");

  await t.test("a domain's life is seen in its events", async (t) => {
    const seen: [number, number][] = [];
    const gone = Promise.withResolvers<void>();
    const note = (event: LibvirtEvent): void => {
      if (event.type !== "lifecycle") return;
      seen.push([event.event, event.detail]);
      if (event.event === lifecycleEvent.undefined) gone.resolve();
    };
    const subscription = await client.events.subscribe("lifecycle", note);
    const { domain } = await client.call(domainCalls.defineXml, { xml: testXml("life"), flags: 0 });
    t.equal(domain.id, -1);
    const started = await client.call(domainCalls.create, { domain, flags: 0 });
    t.ok(started.domain.id > 0);
    t.match(await client.call(domainCalls.getState, { domain, flags: 0 }), { state: 1 });
    await client.call(domainCalls.destroy, { domain, flags: 0 });
    await client.call(domainCalls.undefine, { domain, flags: 0 });
    await gone.promise; // the daemon may send an event after the answer to what it tells of
    await subscription.cancel();
    t.strictSame(seen, [
      [lifecycleEvent.defined, 0],
      [lifecycleEvent.started, 0],
      [lifecycleEvent.stopped, 1],
      [lifecycleEvent.undefined, 0],
    ]);
  });

  await t.test("a watch gives another connection's changes", async (t) => {
    await using other = await open(host, "test:///default");
    const controller = new AbortController();
    const watch = other.events.watch(["lifecycle", "reboot"], controller.signal);
    let arrived = false;
    const first = watch.next().finally(() => {
      arrived = true;
    });
    // When the registration takes effect is not known here: change something until it is noticed.
    for (let index = 0; !arrived; index++) {
      await client.call(domainCalls.defineXml, { xml: testXml(`watched-${index}`), flags: 0 });
    }
    t.match((await first).value, { type: "lifecycle", domain: { name: /^watched-/ }, event: 0 });
    controller.abort();
    t.strictSame(await watch.next(), { value: undefined, done: true });
  });

  await t.test("what is not there is an error with a code", async (t) => {
    const error = await client
      .call(domainCalls.lookupByName, { name: "none" })
      .catch((caught: unknown) => caught);
    t.ok(isLibvirtError(error, errorCode.noDomain));
    const unknown = { ...connectCalls.getLibVersion, number: 4000 };
    const tooOld = await client.call(unknown, {}).catch((caught: unknown) => caught);
    t.match(tooOld, { code: errorCode.rpc, domain: 7, isUnknownProcedure: true });
  });

  await t.test("a read-only connection changes nothing", async (t) => {
    await using reader = await open(host, "test:///default", { readOnly: true });
    t.ok(await reader.call(connectCalls.getLibVersion, {}));
    await t.rejects(reader.call(domainCalls.defineXml, { xml: testXml("no"), flags: 0 }), {
      code: errorCode.operationDenied,
      message: /read only/,
    });
  });

  await t.test("many calls at once are all answered, each with its own answer", async (t) => {
    const names = Array.from({ length: 300 }, (_, index) => `many-${index}`);
    const defined = await Promise.all(
      names.map((name) => client.call(domainCalls.defineXml, { xml: testXml(name), flags: 0 })),
    );
    const found = await Promise.all(names.map((name) => client.call(domainCalls.lookupByName, { name })));
    t.strictSame(found, defined);
    const { domains, count } = await client.call(connectCalls.listAllDomains, { needResults: 1, flags: 0 });
    t.equal(domains.length, count);
    t.ok(count >= 300);
    const groups = statsGroup.state;
    const { records } = await client.call(connectCalls.getAllDomainStats, { domains: [], groups, flags: 0 });
    t.equal(records.length, count);
    t.ok(records.every(({ params }) => typeof paramMap(params).get("state.state") === "number"));
  });

  await t.test("the example lists the domains", async (t) => {
    const example = fileURLToPath(new URL("example.ts", import.meta.url));
    const uri = `test+unix:///default?socket=${host.socketPath}`;
    const { stdout } = await promisify(execFile)(process.execPath, [example, uri], { timeout: 30_000 });
    t.match(stdout, /^6695eb01-f6a4-8304-79aa-97f2502e193f {2}running {2}test$/m);
  });
});

t.test("a killed daemon rejects every pending call within a moment", options, async (t) => {
  await using host = await startLibvirtHost();
  const client = await open(host, "test:///default", { maxInFlight: 64 });
  const calls = Array.from({ length: 2000 }, () =>
    client.call(domainCalls.lookupByName, { name: "test" }).then(
      () => "answered",
      (error: unknown) => (error instanceof StatusError ? error.reason : messageOf(error)),
    ),
  );
  await calls[0];
  const { pid = 0 } = host;
  process.kill(pid, "SIGKILL");
  const killedAt = performance.now();
  const outcomes = new Set(await Promise.all(calls));
  const tookMs = performance.now() - killedAt;
  await client.closed;
  outcomes.delete("answered");
  t.ok(outcomes.size > 0, "some were pending");
  for (const outcome of outcomes) t.match(outcome, /^(OutcomeUnknown|HostUnreachable)$/);
  t.ok(tookMs < 10_000, `took ${tookMs.toFixed(0)} ms`);
});

t.test(
  "a stopped daemon: deadlines hold, and the connection ends when all places are lost",
  options,
  async (t) => {
    await using host = await startLibvirtHost();
    const client = await open(host, "test:///default", { maxInFlight: 2 });
    await host.kill("SIGSTOP");
    const calls = [1, 2, 3].map(() =>
      client.call(connectCalls.getLibVersion, {}, { deadlineMs: 200 }).catch((error: unknown) => error),
    );
    t.match(await Promise.all(calls), [
      { reason: "OutcomeUnknown" },
      { reason: "OutcomeUnknown" },
      { reason: "HostUnreachable" },
    ]);
    t.match(await client.closed, { message: /none of 2 calls was answered/ });
  },
);

t.test("a volume is uploaded and downloaded byte by byte", options, async (t) => {
  await using host = await startLibvirtHost();
  await using client = await open(host, "qemu:///system");
  const target = join(host.directory, "pool");
  await mkdir(target);
  const poolXml = `<pool type='dir'><name>images</name><target><path>${target}</path></target></pool>`;
  const { pool } = await client.call(poolCalls.defineXml, { xml: poolXml, flags: 0 });
  await client.call(poolCalls.create, { pool, flags: 0 });
  const size = 20_000_003;
  const xml = `<volume><name>disk</name><capacity>${size}</capacity></volume>`;
  const { volume } = await client.call(volumeCalls.createXml, { pool, xml, flags: 0 });
  const content = createHash("shake256", { outputLength: size }).update("content").digest();

  await client.upload(
    volumeCalls.upload,
    { volume, offset: 0, length: 0, flags: 0 },
    pieces(content, 700_001),
  );
  t.ok((await readFile(join(target, "disk"))).equals(content), "on the host's disk");
  const parts: Buffer[] = [];
  for await (const part of client.download(volumeCalls.download, { volume, offset: 0, length: 0, flags: 0 }))
    parts.push(part);
  t.ok(Buffer.concat(parts).equals(content), "and back");

  const missing = { ...volume, key: "/nowhere", name: "none" };
  const range = { volume: missing, offset: 0, length: 0, flags: 0 };
  await t.rejects(client.upload(volumeCalls.upload, range, pieces(content, 1000)), {
    code: errorCode.noStorageVolume,
  });
  t.ok(await client.call(connectCalls.getLibVersion, {}), "the connection is still of use");

  for await (const part of client.download(volumeCalls.download, {
    volume,
    offset: 0,
    length: 0,
    flags: 0,
  })) {
    t.ok(part.length > 0);
    break; // gives the rest up
  }
  t.match(await client.call(volumeCalls.getInfo, { volume }), { capacity: size });
});

async function* pieces(content: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += size) yield content.subarray(start, start + size);
}
