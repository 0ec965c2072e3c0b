import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { systemClock } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/logger.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { rejectsWith } from "../testing/rejects-with.ts";
import { openAuditFile } from "./audit-file.ts";
import { auditFileName, auditFileNames, findEnd } from "./audit-files.ts";
import { AuditLog, type AuditLogOptions } from "./audit-log.ts";
import { verifyAudit } from "./verify.ts";

function folder(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), "ostler-audit-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return directory;
}

async function open(directory: string, more: Partial<AuditLogOptions> = {}) {
  const clock = new ManualClock();
  const opening = AuditLog.open({ directory, clock, logger: silentLogger, ...more });
  await clock.settle();
  return { clock, log: await opening };
}

async function close(log: AuditLog, clock: ManualClock): Promise<void> {
  const closing = log[Symbol.asyncDispose]();
  await clock.settle();
  await closing;
}

const recordsIn = (directory: string): readonly Record<string, unknown>[] =>
  auditFileNames(directory)
    .flatMap((name) => readFileSync(join(directory, name), "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

t.test("what is told is written in order, soon or at once, and goes on after a restart", async (t) => {
  const directory = folder(t);
  const { log, clock } = await open(directory);
  log.append({ verb: "create" });
  t.equal(recordsIn(directory).length, 1, "not yet");
  const durable = log.appendDurably({ verb: "delete" });
  await clock.settle();
  await durable;
  log.append({ verb: "update" });
  await clock.advance(200);
  t.same(
    recordsIn(directory).map(({ seq, verb }) => [seq, verb]),
    [
      [1, undefined],
      [2, "create"],
      [3, "delete"],
      [4, "update"],
    ],
  );
  log.append({ verb: "patch" });
  await close(log, clock);
  const again = await open(directory);
  await close(again.log, again.clock);
  t.match(recordsIn(directory).slice(4), [
    { seq: 5, verb: "patch" },
    { seq: 6, note: "the log goes on" },
  ]);
  t.same((await verifyAudit(directory)).problems, []);
});

t.test("what is told in one turn is synced once", async (t) => {
  let syncs = 0;
  const { log, clock } = await open(folder(t), {
    openFile: (path) => {
      const file = openAuditFile(path);
      return {
        ...file,
        get bytes() {
          return file.bytes;
        },
        sync: () => {
          syncs += 1;
          return file.sync();
        },
      };
    },
  });
  const all = Promise.all(Array.from({ length: 100 }, (_, index) => log.appendDurably({ index })));
  await clock.settle();
  await all;
  t.equal(syncs, 1);
  await close(log, clock);
});

t.test(
  "while the disk is full what must be written first is refused, and the rest is written later",
  async (t) => {
    const directory = folder(t);
    let full = false;
    const { log, clock } = await open(directory, {
      openFile: (path) => {
        const file = openAuditFile(path);
        return {
          ...file,
          get bytes() {
            return file.bytes;
          },
          append: (text) => {
            if (full) throw new Error("ENOSPC: no space left on device");
            file.append(text);
          },
        };
      },
    });
    full = true;
    log.append({ verb: "create" });
    const refused = rejectsWith(
      t,
      log.appendDurably({ verb: "delete" }),
      "ServiceUnavailable",
      /no space left/,
    );
    await clock.settle();
    await refused;
    for (let index = 0; index < 10_010; index += 1) log.append({ index });
    full = false;
    await clock.advance(10_000);
    const records = recordsIn(directory);
    t.match(records[1], { note: "records were lost", lost: 11 });
    t.notOk(
      records.some(({ verb }) => verb === "delete"),
      "what was refused was not done",
    );
    t.match((await verifyAudit(directory)).problems, [/records could not be written here/]);
    await close(log, clock);
  },
);

t.test("files are as long as they may be, and the chain goes through them", async (t) => {
  const directory = folder(t);
  const { log, clock } = await open(directory, { maxFileBytes: 1000, maxFiles: 3 });
  for (let index = 0; index < 40; index += 1) {
    log.append({ index, text: "x".repeat(100) });
    await clock.advance(200);
  }
  await close(log, clock);
  t.equal(auditFileNames(directory).length, 3);
  const { problems, first, last } = await verifyAudit(directory);
  t.same(problems, []);
  t.equal(last?.seq, 41);
  t.ok((first ?? 0) > 20, "the oldest went");
});

t.test("every change is found: a byte, a line, an end, a file, an order", async (t) => {
  const changes: readonly (readonly [string, (directory: string, path: string, text: string) => void])[] = [
    ["a byte", (_directory, path, text) => writeFileSync(path, text.replace('"index":3', '"index":4'))],
    ["a line out", (_directory, path, text) => writeFileSync(path, text.replace(/.*"index":3.*\n/, ""))],
    ["the last line out", (_directory, path, text) => writeFileSync(path, text.replace(/.*\n$/, ""))],
    [
      "two lines the other way round",
      (_directory, path, text) => writeFileSync(path, text.replace(/(.*"index":3.*\n)(.*\n)/, "$2$1")),
    ],
    [
      "a line twice",
      (_directory, path, text) => writeFileSync(path, text.replace(/(.*"index":3.*\n)/, "$1$1")),
    ],
    ["a line of somebody else's", (_directory, path) => appendFileSync(path, '{"seq":99}\n')],
    ["everything", (directory) => rmSync(join(directory, auditFileName(1)))],
  ];
  for (const [name, change] of changes) {
    const directory = folder(t);
    const { log, clock } = await open(directory);
    for (let index = 0; index < 6; index += 1) log.append({ index });
    await clock.advance(200);
    await close(log, clock);
    const path = join(directory, auditFileName(1));
    change(directory, path, readFileSync(path, "utf8"));
    t.ok((await verifyAudit(directory)).problems.length > 0, name);
    const again = await open(directory);
    await close(again.log, again.clock);
    t.ok((await verifyAudit(directory)).problems.length > 0, `${name}, and the log went on`);
  }
});

t.test("a record that a crash cut short was never acknowledged, and is no gap", async (t) => {
  const directory = folder(t);
  const { log, clock } = await open(directory);
  const durable = log.appendDurably({ verb: "delete" });
  await clock.settle();
  await durable;
  await close(log, clock);
  const path = join(directory, auditFileName(1));
  appendFileSync(path, '{"seq":3,"prev":"');
  const again = await open(directory);
  await close(again.log, again.clock);
  t.same((await verifyAudit(directory)).problems, []);
  t.match(recordsIn(directory), [{}, { verb: "delete" }, { tornBytes: 17 }, {}]);
  truncateSync(path, 0);
  t.match(findEnd(directory), { last: { seq: 0 } });
  t.ok(readdirSync(directory).includes("head"));
});

t.test("who asks in the very moment when a flush ends is not forgotten", async () => {
  const directory = folder(t);
  await using log = await AuditLog.open({ directory, clock: systemClock, logger: silentLogger });
  for (let count = 0; count < 50; count += 1) await log.appendDurably({ count });
});
