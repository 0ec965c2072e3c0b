import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { systemRandom } from "../../runtime/random.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { ensureCertificates } from "./certificates.ts";

const dayMs = 86_400_000;

async function setUp(t: { teardown(end: () => Promise<void>): void }) {
  const directory = await mkdtemp(join(tmpdir(), "ostler-certificates-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const clock = new ManualClock();
  const options = { directory, names: ["localhost", "127.0.0.1"], clock, random: systemRandom };
  return { directory, clock, options };
}

t.test("certificates are made once, for their owner alone", async (t) => {
  const { directory, options } = await setUp(t);
  const first = await ensureCertificates(options);
  t.same(await ensureCertificates(options), first);
  for (const name of await readdir(directory)) {
    t.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
  }
  t.equal((await stat(directory)).mode & 0o777, 0o700);
});

t.test(
  "a server's certificate is renewed when fewer than 30 days are left, its authority stays",
  async (t) => {
    const { clock, options } = await setUp(t);
    const first = await ensureCertificates(options);
    await clock.advance(330 * dayMs);
    t.same(await ensureCertificates(options), first);
    await clock.advance(6 * dayMs);
    const second = await ensureCertificates(options);
    t.equal(second.ca, first.ca);
    t.not(second.server.cert, first.server.cert);
  },
);

t.test("an authority is renewed when fewer than 30 days are left", async (t) => {
  const { clock, options } = await setUp(t);
  const first = await ensureCertificates(options);
  await clock.advance(3621 * dayMs);
  t.not((await ensureCertificates(options)).ca, first.ca);
});

t.test("another name asks for another certificate of the same authority", async (t) => {
  const { options } = await setUp(t);
  const first = await ensureCertificates(options);
  const second = await ensureCertificates({ ...options, names: [...options.names, "10.0.0.1"] });
  t.equal(second.ca, first.ca);
  t.not(second.server.cert, first.server.cert);
});

t.test("files that cannot be read as certificates, or do not fit, are replaced", async (t) => {
  const { directory, options } = await setUp(t);
  const first = await ensureCertificates(options);
  await writeFile(join(directory, "server.crt"), "rubbish");
  const second = await ensureCertificates(options);
  t.equal(second.ca, first.ca);
  await writeFile(join(directory, "server.key"), first.server.key);
  const third = await ensureCertificates(options);
  t.not(third.server.cert, second.server.cert);
  await writeFile(join(directory, "ca.key"), first.server.key);
  t.not((await ensureCertificates(options)).ca, first.ca);
});
