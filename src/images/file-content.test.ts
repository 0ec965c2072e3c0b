import { createHash } from "node:crypto";
import { appendFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../runtime/clock.ts";
import { identityOf, inspectFile, readVerified } from "./file-content.ts";

const { signal } = new AbortController();
const chunk = 256 * 1024;

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

t.test("one reading gives digest, size and format", async (t) => {
  for (const size of [1, 100, chunk - 1, chunk, chunk + 1, 3 * chunk + 5]) {
    const bytes = Buffer.alloc(size, "abc");
    const path = join(t.testdir({ file: bytes }), "file");
    await using handle = await open(path);
    const facts = await inspectFile(handle, path, signal);
    t.match(facts, { digest: sha256(bytes), sizeBytes: size, verdict: { format: "raw" } }, `${size} bytes`);
  }
});

t.test("an empty file is read, and refused", async (t) => {
  const path = join(t.testdir({ file: "" }), "file");
  await using handle = await open(path);
  t.match(await inspectFile(handle, path, signal), { sizeBytes: 0, verdict: { type: "refused" } });
});

t.test("a file that changes while it is read is reported as unreadable", async (t) => {
  const path = join(t.testdir({ file: Buffer.alloc(20 * chunk) }), "file");
  await using handle = await open(path);
  let isReading = true;
  const facts = inspectFile(handle, path, signal).finally(() => {
    isReading = false;
  });
  const writing = (async () => {
    for (; isReading; await systemClock.yield()) appendFileSync(path, "more");
  })();
  await t.rejects(facts, {
    name: "ImageError",
    failure: "Unreadable",
    message: `${path} changed while it was read`,
  });
  await writing;
});

t.test("an absurdly long file is refused without reading it", async (t) => {
  const path = join(t.testdir({ file: "" }), "file");
  await using handle = await open(path, "r+");
  const readable = await handle.truncate(2 ** 44 + 1).catch(() => "too long for this file system");
  if (readable !== undefined) t.pass(readable);
  else await t.rejects(inspectFile(handle, path, signal), { name: "ImageError", failure: "Refused" });
});

t.test("an abort ends the reading", async (t) => {
  const path = join(t.testdir({ file: "x" }), "file");
  await using handle = await open(path);
  await t.rejects(inspectFile(handle, path, AbortSignal.abort(new Error("stopped"))), { message: "stopped" });
});

t.test("what was seen is read again, in chunks that stay", async (t) => {
  const bytes = Buffer.alloc(2 * chunk + 5, "abc");
  const path = join(t.testdir({ file: bytes }), "file");
  await using handle = await open(path);
  const expected = await inspectFile(handle, path, signal);
  const chunks = await Array.fromAsync(readVerified(handle, path, expected));
  t.strictSame(
    chunks.map((part) => part.length),
    [chunk, chunk, 5],
  );
  t.ok(Buffer.concat(chunks).equals(bytes));
});

t.test("content that is no longer the same never becomes whole", async (t) => {
  const bytes = Buffer.alloc(2 * chunk + 5, "abc");
  const changes: readonly [string, Buffer][] = [
    ["first byte", Buffer.concat([Buffer.from("X"), bytes.subarray(1)])],
    ["last byte", Buffer.concat([bytes.subarray(0, -1), Buffer.from("X")])],
    ["cut", bytes.subarray(0, -1)],
    ["emptied", Buffer.alloc(0)],
  ];
  for (const [name, changed] of changes) {
    const path = join(t.testdir({ file: bytes }), "file");
    await using handle = await open(path);
    const expected = await inspectFile(handle, path, signal);
    writeFileSync(path, changed);
    let received = 0;
    const reading = (async () => {
      for await (const part of readVerified(handle, path, expected)) received += part.length;
    })();
    await t.rejects(reading, { name: "ImageError", failure: "Unreadable" }, name);
    t.ok(received < bytes.length, name);
  }
});

t.test("every write gives a file another identity", async (t) => {
  const path = join(t.testdir({ file: "abc" }), "file");
  await using handle = await open(path);
  const identity = async () => identityOf(await handle.stat({ bigint: true }));
  const before = await identity();
  t.equal(await identity(), before);
  await handle.utimes(1, 1);
  t.not(await identity(), before);
});
