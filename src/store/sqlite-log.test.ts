import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import t from "tap";
import type { Clock } from "../runtime/clock.ts";
import { hasReason } from "../runtime/errors.ts";
import { systemRandom } from "../runtime/random.ts";
import { fails } from "../testing/fails.ts";
import { logContract } from "../testing/log-contract.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import type { Log } from "./log.ts";
import { openSqliteLog } from "./sqlite-log.ts";

function open(directory: string, clock: Clock = new ManualClock()): Promise<Log> {
  return openSqliteLog({ directory, clock, random: systemRandom });
}

async function writeSome(log: Log, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await log.commit({ key: `/k/${log.revision()}`, value: "x".repeat(2000), expected: 0 });
  }
}

logContract(t, "sqlite", (t) => {
  const directory = t.testdir();
  return { open: (clock) => open(directory, clock), durable: true };
});

t.test("a second opener is refused and told who has the directory", async (t) => {
  const directory = t.testdir();
  const log = await open(directory);
  await t.rejects(open(directory), {
    reason: "Conflict",
    message: `state directory ${directory} is in use by another ostler (pid ${process.pid})`,
  });
  t.match(await log.commit({ key: "/a", value: "1", expected: 0 }), { applied: true });
  await log[Symbol.asyncDispose]();
  await (await open(directory))[Symbol.asyncDispose]();
});

t.test("what is compacted away is gone from the disk", async (t) => {
  const directory = t.testdir();
  const log = await open(directory);
  await writeSome(log, 3);
  await log.commit({ key: "/k/0", value: undefined, expected: 1 });
  await log.commit({ key: "/k/1", value: "again", expected: 2 });
  await log.compact(5);
  await log[Symbol.asyncDispose]();
  const database = new DatabaseSync(join(directory, "store.db"));
  const rows = database.prepare("SELECT revision FROM log ORDER BY revision").all();
  database.close();
  t.same(
    rows.map(({ revision }) => revision),
    [3, 5],
  );
});

t.test("state is private to its owner", async (t) => {
  const directory = join(t.testdir(), "state");
  const log = await open(directory);
  await log.commit({ key: "/a", value: "1", expected: 0 });
  t.equal(statSync(directory).mode & 0o777, 0o700);
  for (const file of ["store.db", "store.db-wal"]) {
    t.equal(statSync(join(directory, file)).mode & 0o777, 0o600, file);
  }
  await log[Symbol.asyncDispose]();
});

t.test("a file that is not a store is refused by its path", async (t) => {
  const directory = t.testdir({ "store.db": "this is no database".repeat(1000) });
  await t.rejects(open(directory), {
    reason: "InternalError",
    message: `the store in ${join(directory, "store.db")} is damaged; restore it from a backup`,
  });
});

t.test("a store that lost a revision, a state or half its file is refused", async (t) => {
  const damage: Record<string, (path: string) => void> = {
    "a revision": (path) => withDatabase(path, "DELETE FROM log WHERE revision = 7"),
    "a wrong predecessor": (path) => withDatabase(path, "UPDATE log SET previous = 3 WHERE revision = 7"),
    "half the file": (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  };
  for (const [name, apply] of Object.entries(damage)) {
    const directory = t.testdir();
    const log = await open(directory);
    await writeSome(log, 40);
    await log[Symbol.asyncDispose]();
    apply(join(directory, "store.db"));
    await t.rejects(open(directory), { reason: "InternalError", message: /damaged.*backup/ }, name);
  }
});

t.test("a store of a newer format is refused", async (t) => {
  const directory = t.testdir();
  await (await open(directory))[Symbol.asyncDispose]();
  withDatabase(join(directory, "store.db"), "UPDATE meta SET value = '2' WHERE name = 'format'");
  await t.rejects(open(directory), { reason: "Unsupported", message: /format 2/ });
});

t.test("a write-ahead log torn anywhere gives a whole earlier state", async (t) => {
  const directory = t.testdir();
  const log = await open(directory);
  for (let round = 0; round < 10; round += 1) {
    const writes = Array.from({ length: 5 }, (_, i) =>
      log.commit({ key: `/k/${round}-${i}`, value: `${round}`.repeat(3000), expected: 0 }),
    );
    await Promise.all(writes);
  }
  const walSize = statSync(join(directory, "store.db-wal")).size;
  const found = new Set<number>();
  for (let cut = 0; cut <= 40; cut += 1) {
    const copy = join(directory, `copy-${cut}`);
    mkdirSync(copy);
    for (const file of ["store.db", "store.db-wal"]) copyFileSync(join(directory, file), join(copy, file));
    truncateSync(join(copy, "store.db-wal"), Math.floor((walSize * cut) / 40));
    const torn = await open(copy);
    found.add(torn.revision());
    const { records } = await torn.range({ prefix: "/" });
    if (records.length !== torn.revision() || torn.revision() % 5 !== 0)
      t.fail(`half a transaction at ${cut}`);
    await torn[Symbol.asyncDispose]();
  }
  t.ok(found.has(0) && found.has(50) && found.size > 5, "cuts fell between many transactions");
  await log[Symbol.asyncDispose]();
});

t.test("a full disk fails the write, makes the store read-only and loses nothing", async (t) => {
  const directory = t.testdir();
  const limited = `ulimit -f 512; exec "${process.execPath}" src/testing/fill-store.ts "${directory}"`;
  const child = spawnSync("bash", ["-c", limited], { encoding: "utf8" });
  t.equal(child.status, 0, child.stderr);
  const report: { acked: number; reason: string; message: string; later: string; readable: number } =
    JSON.parse(child.stdout);
  t.match(report, {
    reason: "ServiceUnavailable",
    message: /^store is read-only: /,
    later: "ServiceUnavailable",
  });
  t.ok(report.acked > 10);
  t.equal(report.readable, report.acked, "what was acknowledged can still be read");
  const log = await open(directory);
  t.ok(log.revision() >= report.acked);
  await writeSome(log, 1);
  await log[Symbol.asyncDispose]();
});

t.test("a directory that cannot be made is named", async (t) => {
  const directory = t.testdir({ file: "" });
  const error = await open(join(directory, "file", "state")).catch((error: unknown) => error);
  t.ok(hasReason(error, "InternalError"));
  t.match(error, { message: /cannot be opened.*file/ });
});

t.test("the process id goes with the process", async (t) => {
  const directory = t.testdir();
  writeFileSync(join(directory, "store.pid"), "1\n");
  const log = await open(directory);
  t.equal(readFileSync(join(directory, "store.pid"), "utf8"), `${process.pid}\n`);
  await log[Symbol.asyncDispose]();
  t.throws(() => statSync(join(directory, "store.pid")), { code: "ENOENT" });
});

function withDatabase(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

t.test("a store that is behind its witness goes on as another life, beyond what was given out", async (t) => {
  const directory = t.testdir();
  const log = await open(directory);
  const { incarnation } = log;
  await writeSome(log, 3);
  await log.commit({ key: "/k/0", value: undefined, expected: 1 });
  await log[Symbol.asyncDispose]();
  const reasons: string[] = [];
  const witness = { incarnation, revision: 10 };
  const clock = new ManualClock();
  const onOlder = (why: string) => reasons.push(why);
  const restored = await openSqliteLog({ directory, clock, random: systemRandom, witness, onOlder });
  t.same(reasons, ["it ends at revision 4, and had come to 10"]);
  t.not(restored.incarnation, incarnation);
  for (const since of [3, 4, 10, 9_999]) {
    await fails(
      t,
      restored.subscribe(since, () => {}),
      "Expired",
    );
  }
  t.same(
    (await restored.range({ prefix: "/" })).records.map(({ key }) => key),
    ["/k/1", "/k/2"],
  );
  const written = await restored.commit({ key: "/new", value: "1", expected: 0 });
  t.ok(written.applied && written.revision > 10_000);
  await restored[Symbol.asyncDispose]();
  const again = await openSqliteLog({
    directory,
    clock,
    random: systemRandom,
    witness: { incarnation: restored.incarnation, revision: restored.revision() },
    onOlder,
  });
  t.equal(again.incarnation, restored.incarnation);
  t.equal(again.revision(), restored.revision());
  t.equal(reasons.length, 1);
  await again[Symbol.asyncDispose]();
});
