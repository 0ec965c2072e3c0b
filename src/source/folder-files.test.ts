import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { systemFiles } from "./folder-files.ts";

t.test("the system's files are told apart by what they are, links by themselves", async (t) => {
  const root = await systemFiles.realPath(t.testdir({ "a.yaml": "1", folder: {} }));
  symlinkSync("folder", join(root, "link"));
  const entries = await systemFiles.entries(root);
  t.strictSame(
    entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    [
      { name: "a.yaml", type: "other" },
      { name: "folder", type: "folder" },
      { name: "link", type: "link" },
    ],
  );
  t.equal((await systemFiles.facts(join(root, "link"))).isFolder, false);
  const [link, folder] = await Promise.all(
    ["link", "folder"].map((name) => systemFiles.followed(join(root, name))),
  );
  t.equal(link?.inode, folder?.inode);
  t.equal(link?.isFolder, true);
});

t.test("a file keeps its inode and gets a new identity when it is written", async (t) => {
  const path = join(t.testdir({ "a.yaml": "1" }), "a.yaml");
  const before = await systemFiles.facts(path);
  linkSync(path, `${path}.other`);
  writeFileSync(path, "22");
  const after = await systemFiles.facts(`${path}.other`);
  t.equal(after.inode, before.inode);
  t.equal(after.device, before.device);
  t.not(after.identity, before.identity);
});

t.test("what is not there is the system's own error", async (t) => {
  const path = join(t.testdir(), "none");
  const { facts, followed, entries, realPath } = systemFiles;
  const asks: readonly ((path: string) => Promise<unknown>)[] = [facts, followed, entries, realPath];
  for (const ask of asks) await t.rejects(ask(path), { code: "ENOENT" });
  mkdirSync(path);
  t.strictSame(await systemFiles.entries(path), []);
});
