import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { TestFolder } from "../testing/source-fixture.ts";
import { Directory } from "./directory.ts";

const signal = new AbortController().signal;

interface Parsed {
  readonly text: string;
}

/** A folder, a Directory over it, and the paths that were parsed. */
function open(t: Test) {
  const clock = new ManualClock();
  const folder = new TestFolder(t, clock);
  const parsed: string[] = [];
  const parse = (content: Uint8Array, path: string): Parsed => {
    parsed.push(path);
    return { text: new TextDecoder().decode(content) };
  };
  const directory = new Directory({ path: folder.path, clock, maxFileBytes: 100, parse, onHint: () => {} });
  t.teardown(() => directory[Symbol.dispose]());
  const look = async () => {
    const found = await directory.look(signal);
    return found.type === "read" ? found.files : [];
  };
  return { clock, folder, directory, look, parsed };
}

t.test("manifest files are found however deep, hidden and temporary ones are not", async (t) => {
  const { folder, look } = open(t);
  const names = ["a.yaml", "b.YML", "c.json", "d/e/f.yaml", "z.yaml"];
  const others = ["x.txt", ".h.yaml", "#e.yaml", "~t.yaml", "v.yaml~", "v.yaml.swp", ".git/g.yaml", "4913"];
  for (const name of [...names, ...others]) folder.put(name, "x");
  t.strictSame(
    (await look()).map((file) => [file.type, file.path]),
    names.map((name) => ["read", name]),
  );
});

t.test("what is the same is not parsed again and is the very same value", async (t) => {
  const { folder, look, parsed } = open(t);
  folder.put("a.yaml", "1");
  folder.put("b.yaml", "1");
  const [first] = await look();
  folder.put("a.yaml", "1");
  for (let count = 0; count < 40; count += 1) await look();
  const [again] = await look();
  t.strictSame(parsed, ["a.yaml", "b.yaml"]);
  t.ok(first?.type === "read" && again?.type === "read" && first.value === again.value);
});

t.test("a change is seen even when size and modification time are the same", async (t) => {
  const { folder, look } = open(t);
  folder.put("a.yaml", "1");
  await look();
  folder.put("a.yaml", "2");
  t.match(await look(), [{ type: "read", value: { text: "2" } }]);
});

t.test("a file that was modified just now is not settled", async (t) => {
  const { clock, folder, look } = open(t);
  folder.put("a.yaml", "1");
  utimesSync(join(folder.path, "a.yaml"), new Date(clock.now() - 199), new Date(clock.now() - 199));
  t.match(await look(), [{ type: "unsettled", path: "a.yaml" }]);
  await clock.advance(1);
  t.match(await look(), [{ type: "read" }]);
});

t.test("a file from the future is read", async (t) => {
  const { clock, folder, look } = open(t);
  folder.put("a.yaml", "1");
  utimesSync(join(folder.path, "a.yaml"), new Date(clock.now() + 9e9), new Date(clock.now() + 9e9));
  t.match(await look(), [{ type: "read" }]);
});

t.test("links and too large files are refused, by name", async (t) => {
  const { folder, look } = open(t);
  folder.put("big.yaml", "x".repeat(101));
  folder.put("real/a.yaml", "x");
  symlinkSync("real/a.yaml", join(folder.path, "link.yaml"));
  symlinkSync("real", join(folder.path, "linked"));
  symlinkSync("nowhere", join(folder.path, "README"));
  mkdirSync(join(folder.path, "..data"));
  const files = await look();
  t.match(files, [
    { type: "refused", path: "big.yaml", message: /larger than 100 bytes/ },
    { type: "refused", path: "link.yaml", message: /symbolic link/ },
    { type: "refused", path: "linked", message: /symbolic link/ },
    { type: "read", path: "real/a.yaml" },
  ]);
  t.equal(files.length, 4);
});

t.test(
  "an unreadable folder below is refused, the rest is read",
  { skip: process.getuid?.() === 0 },
  async (t) => {
    const { folder, look } = open(t);
    folder.put("a.yaml", "1");
    folder.put("sub/b.yaml", "1");
    chmodSync(join(folder.path, "sub"), 0);
    t.teardown(() => chmodSync(join(folder.path, "sub"), 0o700));
    t.match(await look(), [
      { type: "read", path: "a.yaml" },
      { type: "refused", path: "sub/", message: /EACCES/ },
    ]);
  },
);

t.test("a folder that is not there, or no folder, is unreadable, never empty", async (t) => {
  const { folder, directory } = open(t);
  rmSync(folder.path, { recursive: true });
  t.match(await directory.look(signal), { type: "unreadable", message: /ENOENT/ });
  writeFileSync(folder.path, "");
  t.match(await directory.look(signal), { type: "unreadable", message: /ENOTDIR/ });
});

t.test("too many files, or too deep folders, are unreadable", async (t) => {
  const { folder, directory } = open(t);
  folder.put(`${"d/".repeat(34)}a.yaml`, "x");
  t.match(await directory.look(signal), { type: "unreadable", message: /nested deeper than 32/ });
});

t.test("a look can be called off", async (t) => {
  const { folder, directory } = open(t);
  folder.put("a.yaml", "1");
  await t.rejects(directory.look(AbortSignal.abort(new Error("stop"))), { message: "stop" });
});

t.test("the path itself may be a link, as it is the operator's", async (t) => {
  const { clock, folder } = open(t);
  folder.put("a.yaml", "1");
  const path = `${folder.path}-link`;
  symlinkSync(folder.path, path);
  t.teardown(() => rmSync(path));
  const parse = () => 1;
  using directory = new Directory({ path, clock, maxFileBytes: 100, parse, onHint: () => {} });
  t.match(await directory.look(signal), { type: "read", files: [{ path: "a.yaml", value: 1 }] });
});
