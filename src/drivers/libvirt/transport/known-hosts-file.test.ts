import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { KnownHosts } from "./known-hosts.ts";
import { KnownHostsFile } from "./known-hosts-file.ts";

function keyOf(body: string): Buffer {
  const word = Buffer.alloc(4);
  word.writeUInt32BE("ssh-ed25519".length);
  return Buffer.concat([word, Buffer.from("ssh-ed25519"), Buffer.from(body)]);
}

const [one, two] = [keyOf("one"), keyOf("two")];

async function fixture(t: Test) {
  const directory = await mkdtemp(join(tmpdir(), "ostler-known-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const path = join(directory, "ssh", "known_hosts");
  const file = new KnownHostsFile(path);
  const verdict = async (host: string, port: number, key: Buffer) =>
    new KnownHosts(await readFile(path, "utf8")).verify(host, port, key).type;
  return { path, file, verdict };
}

t.test("a key that is put is known, in a file that only its owner reads", async (t) => {
  const { path, file, verdict } = await fixture(t);
  await file.put("Rack1", 22, one);
  await file.put("rack1", 2222, two);
  t.equal(await verdict("rack1", 22, one), "known");
  t.equal(await verdict("rack1", 2222, two), "known");
  t.equal((await stat(path)).mode & 0o777, 0o600);
  t.equal((await stat(join(path, ".."))).mode & 0o777, 0o700);
});

t.test("another key replaces it; what it was is not known any more", async (t) => {
  const { file, verdict } = await fixture(t);
  await file.put("rack1", 22, one);
  await file.put("rack1", 22, two);
  t.equal(await verdict("rack1", 22, two), "known");
  t.equal(await verdict("rack1", 22, one), "changed");
});

t.test("a host that is forgotten is unknown, all others stay, comments too", async (t) => {
  const { path, file, verdict } = await fixture(t);
  await file.put("rack1", 22, one);
  await writeFile(path, `# by hand\nrack1,rack9 ssh-ed25519 ${two.toString("base64")}\n`, { flag: "a" });
  t.equal(await file.remove("rack1", 22), true);
  t.equal(await file.remove("rack1", 22), false);
  t.match(await readFile(path, "utf8"), /^# by hand\nrack1,rack9 ssh-ed25519 \S+\n$/);
  t.equal(await verdict("rack9", 22, two), "known");
});

t.test("changes made at once are all made", async (t) => {
  const { file, verdict } = await fixture(t);
  const names = Array.from({ length: 50 }, (_, index) => `rack${index}`);
  await Promise.all(names.map((name) => file.put(name, 22, one)));
  for (const name of names) t.equal(await verdict(name, 22, one), "known");
});
