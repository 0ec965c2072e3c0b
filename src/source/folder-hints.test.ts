import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { systemClock } from "../runtime/clock.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { FolderHints } from "./folder-hints.ts";

/** A folder with a file and a folder in it, both watched. */
function open(t: Test) {
  const path = mkdtempSync(join(tmpdir(), "ostler-hints-"));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  mkdirSync(join(path, "sub"));
  writeFileSync(join(path, "a.yaml"), "1");
  let count = 0;
  const onHint = (): void => {
    count += 1;
  };
  const hints = new FolderHints({ clock: systemClock, delayMs: 10, onHint });
  t.teardown(() => hints[Symbol.dispose]());
  const watchAll = (names = [".", "sub"]): void => {
    const folders = names.map((name) => join(path, name));
    hints.watch(new Map(folders.map((folder) => [folder, String(statSync(folder).ino)])));
  };
  watchAll();
  return { file: (name: string) => join(path, name), watchAll, count: () => count };
}

/** Does it again and again until a hint comes: the watcher takes its time to begin. */
async function hinted(count: () => number, act: () => void): Promise<boolean> {
  const before = count();
  for (let attempt = 0; attempt < 20 && count() === before; attempt += 1) {
    act();
    const deadline = systemClock.monotonic() + 250;
    while (count() === before && systemClock.monotonic() < deadline) await systemClock.sleep(10);
  }
  return count() > before;
}

t.test("writing, making, renaming and removing each give a hint", async (t) => {
  const { file, count } = open(t);
  const names = Array.from({ length: 100 }, (_, index) => `${index}.yaml`).values();
  const next = (): string => names.next().value ?? "last.yaml";
  t.ok(await hinted(count, () => writeFileSync(file("a.yaml"), next())), "changed");
  t.ok(await hinted(count, () => writeFileSync(file(`sub/${next()}`), "1")), "made below");
  t.ok(await hinted(count, () => mkdirSync(file(next()))), "a folder made");
  let last = "a.yaml";
  const rename = (): void => {
    const name = next();
    renameSync(file(last), file(name));
    last = name;
  };
  t.ok(await hinted(count, rename), "renamed");
  t.ok(await hinted(count, () => rmSync(file(last), { force: true })), "removed");
});

t.test("a folder that was made anew is watched again", async (t) => {
  const { file, watchAll, count } = open(t);
  const names = Array.from({ length: 100 }, (_, index) => `sub/${index}.yaml`).values();
  const write = (): void => writeFileSync(file(names.next().value ?? "sub/last.yaml"), "1");
  t.ok(await hinted(count, write));
  t.ok(await hinted(count, () => rmSync(file("sub"), { recursive: true, force: true })));
  mkdirSync(file("sub"));
  watchAll();
  t.ok(await hinted(count, write));
});

t.test("a folder that was away for a while gives a hint when it is put back", async (t) => {
  const { file, watchAll, count } = open(t);
  const away = `${file("")}-away`;
  t.teardown(() => rmSync(away, { recursive: true, force: true }));
  t.ok(await hinted(count, () => writeFileSync(file("sub/a.yaml"), "1")));
  for (let times = 0; times < 3; times += 1) {
    renameSync(file("sub"), away);
    watchAll(["."]);
    await systemClock.sleep(300);
    const before = count();
    renameSync(away, file("sub"));
    await systemClock.sleep(300);
    t.ok(count() > before, `time ${times + 1}`);
    watchAll();
    await systemClock.sleep(100);
  }
});

t.test("a folder that becomes a link to a file holds up nobody", async (t) => {
  const { file, count } = open(t);
  t.ok(await hinted(count, () => writeFileSync(file("sub/a.yaml"), "1")));
  rmSync(file("sub"), { recursive: true });
  symlinkSync("/dev/null", file("sub"));
  await systemClock.sleep(100);
  t.pass("and the test ends");
});

t.test("many changes are one hint", async (t) => {
  const path = mkdtempSync(join(tmpdir(), "ostler-hints-"));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  const clock = new ManualClock();
  let count = 0;
  const onHint = (): void => {
    count += 1;
  };
  using hints = new FolderHints({ clock, delayMs: 100, onHint });
  hints.watch(new Map([[path, "1"]]));
  const pending = async (): Promise<boolean> => {
    writeFileSync(join(path, `${systemClock.monotonic()}.yaml`), "1");
    await systemClock.sleep(20);
    return clock.pendingTimers > 0;
  };
  for (let attempt = 0; attempt < 200 && !(await pending()); attempt += 1);
  await pending();
  t.equal(clock.pendingTimers, 1);
  await clock.advance(99);
  t.equal(count, 0);
  await clock.advance(1);
  t.equal(count, 1);
});
