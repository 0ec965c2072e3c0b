import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { download } from "./download.ts";

const bytes = Buffer.from("the content");
const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

async function* inPieces(...pieces: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece);
  }
}

t.test("content with the right digest appears whole, readable by us only", async (t) => {
  const folder = join(t.testdir(), "made/when/needed");
  const path = join(folder, "file");
  t.equal(await download(inPieces("the ", "", "content"), path, digest), digest);
  t.strictSame(readdirSync(folder), ["file"]);
  t.equal(readFileSync(path, "utf8"), "the content");
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(statSync(folder).mode & 0o777, 0o700);
});

t.test("other content leaves nothing and says what it was", async (t) => {
  const folder = t.testdir();
  t.match(await download(inPieces("other"), join(folder, "file"), digest), /^sha256:/);
  t.strictSame(readdirSync(folder), []);
});

t.test("content that breaks off leaves nothing, and what was there stays", async (t) => {
  const folder = t.testdir({ file: "older" });
  const broken = download(inPieces("the ", new Error("cable")), join(folder, "file"), digest);
  await t.rejects(broken, { message: "cable" });
  t.strictSame(readdirSync(folder), ["file"]);
  t.equal(readFileSync(join(folder, "file"), "utf8"), "older");
});

t.test("a leftover of a killed download is overwritten, a planted link is not followed", async (t) => {
  const folder = t.testdir({ "file.part": "leftover that is longer than the content" });
  await download(inPieces("the content"), join(folder, "file"), digest);
  t.equal(readFileSync(join(folder, "file"), "utf8"), "the content");
  writeFileSync(join(folder, "target"), "untouched");
  symlinkSync(join(folder, "target"), join(folder, "second.part"));
  await t.rejects(download(inPieces("the content"), join(folder, "second"), digest), { code: "ELOOP" });
  t.equal(readFileSync(join(folder, "target"), "utf8"), "untouched");
});

t.test("a folder in the way is an error, not a loss", async (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, "file"));
  await t.rejects(download(inPieces("the content"), join(folder, "file"), digest), { code: "EISDIR" });
});
