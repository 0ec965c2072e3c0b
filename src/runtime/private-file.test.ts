import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { ensurePrivateDirectory, readIfThere, writePrivateFile } from "./private-file.ts";

t.test(
  "a private file is its owner's alone, even where a public one was, and nothing else is left",
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "ostler-private-"));
    t.teardown(() => rm(directory, { recursive: true }));
    const path = join(directory, "secret");
    await writeFile(path, "old", { mode: 0o644 });
    await writeFile(`${path}.new`, "left behind by a crash", { mode: 0o644 });
    await writePrivateFile(path, "new");
    t.equal(await readIfThere(path), "new");
    t.equal((await stat(path)).mode & 0o777, 0o600);
    t.same(await readdir(directory), ["secret"]);
  },
);

t.test("a private directory is closed to others, even one that was open", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-private-"));
  t.teardown(() => rm(directory, { recursive: true }));
  await ensurePrivateDirectory(join(directory, "a", "b"));
  t.equal((await stat(join(directory, "a", "b"))).mode & 0o777, 0o700);
});

t.test("a file that is not there has no text; one that cannot be read is an error", async (t) => {
  t.equal(await readIfThere("/nonexistent/file"), undefined);
  await t.rejects(readIfThere("/"), { code: "EISDIR" });
});
