import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { StatusError } from "../runtime/errors.ts";
import type { Image } from "../schema/image.ts";
import { startHttpsServer, withoutHttpsServer } from "../testing/https-server.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { qcow2FileBytes, qcow2Head } from "../testing/qcow2-fixture.ts";
import { httpsFetch } from "./https-fetch.ts";
import { ImageSource, type ImageSourceOptions } from "./image-source.ts";

const { signal } = new AbortController();

function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function imageOf(spec: Image["spec"]): Image {
  return { apiVersion: "ostler.dev/v1", kind: "Image", metadata: { name: "debian" }, spec };
}

interface Setup {
  readonly images: string;
  readonly downloads: string;
  readonly source: ImageSource;
  /** The URLs that were fetched so far. */
  readonly fetched: string[];
}

function setup(t: Test, fetch: ImageSourceOptions["fetch"] = () => inPieces("the ", "content")): Setup {
  const base = t.testdir({ images: {}, state: {} });
  const images = join(base, "images");
  const downloads = join(base, "state/images");
  const fetched: string[] = [];
  const counted: ImageSourceOptions["fetch"] = (url, end) => {
    fetched.push(url);
    return fetch(url, end);
  };
  const source = new ImageSource({ directories: [images], downloadDirectory: downloads, fetch: counted });
  t.teardown(() => source[Symbol.asyncDispose]());
  return { images, downloads, source, fetched };
}

async function* inPieces(...pieces: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece);
  }
}

/** What this process has read so far. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}

async function read(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(content));
}

t.test("a local qcow2 is what its bytes say, and can be read more than once", async (t) => {
  const { images, source } = setup(t);
  const bytes = Buffer.alloc(qcow2FileBytes);
  bytes.set(qcow2Head());
  const file = join(images, "debian.img");
  writeFileSync(file, bytes);
  const content = await source.resolve(imageOf({ source: { file }, checksum: sha256(bytes) }), signal);
  t.match(content, {
    digest: sha256(bytes),
    format: "qcow2",
    contents: "disk",
    sizeBytes: qcow2FileBytes,
    virtualSizeBytes: 2 ** 30,
  });
  t.ok((await read(content.open())).equals(bytes));
  t.ok((await read(content.open())).equals(bytes));
});

t.test("an unchanged file is not read again; a changed one is", async (t) => {
  const { images, source } = setup(t);
  const file = join(images, "a.img");
  writeFileSync(file, Buffer.alloc(8 << 20, "a"));
  const image = imageOf({ source: { file } });
  const first = await source.resolve(image, signal);
  const before = bytesRead();
  for (let round = 0; round < 20; round += 1)
    t.equal((await source.resolve(image, signal)).digest, first.digest);
  t.ok(bytesRead() - before < 8 << 20, "20 looks read less than the file");
  writeFileSync(file, "b");
  t.equal((await source.resolve(image, signal)).digest, sha256("b"));
});

t.test("content that changed since it was resolved is never handed out whole", async (t) => {
  const { images, source } = setup(t);
  const file = join(images, "a.img");
  writeFileSync(file, "aaaa");
  utimesSync(file, 1, 1);
  const image = imageOf({ source: { file } });
  const content = await source.resolve(image, signal);
  writeFileSync(file, "bbbb");
  await t.rejects(read(content.open()), { name: "ImageError", failure: "Unreadable" });
  t.equal((await source.resolve(image, signal)).digest, sha256("bbbb"));
  rmSync(file);
  await t.rejects(read(content.open()), { name: "ImageError", failure: "NotFound" });
});

t.test("each failure has its name", async (t) => {
  const { images, source } = setup(t);
  writeFileSync(join(images, "a.vmdk"), "KDMV");
  const file = join(images, "a.vmdk");
  await t.rejects(source.resolve(imageOf({ source: { file } }), signal), {
    name: "ImageError",
    failure: "Refused",
    message: `${file} is a VMDK image; convert it with: qemu-img convert -O qcow2`,
  });
  await t.rejects(source.resolve(imageOf({ source: { file }, checksum: sha256("x") }), signal), {
    name: "ImageError",
    failure: "ChecksumMismatch",
    message: `${file} is ${sha256("KDMV")}, not ${sha256("x")}`,
  });
  const missing = { source: { file: join(images, "none") } };
  await t.rejects(source.resolve(imageOf(missing), signal), { name: "ImageError", failure: "NotFound" });
  await t.rejects(source.resolve(imageOf({ source: { file: "/etc/hostname" } }), signal), {
    name: "ImageError",
    failure: "Forbidden",
  });
  await t.rejects(source.resolve(imageOf({ source: {} }), signal), {
    name: "ImageError",
    failure: "Refused",
  });
  const unchecked = { source: { url: "https://images.test/a" } };
  await t.rejects(source.resolve(imageOf(unchecked), signal), { name: "ImageError", failure: "Refused" });
});

t.test("a URL is downloaded once, kept by its digest and found again", async (t) => {
  const { source, fetched, downloads } = setup(t);
  const image = imageOf({ source: { url: "https://images.test/a?key" }, checksum: sha256("the content") });
  const both = await Promise.all([source.resolve(image, signal), source.resolve(image, signal)]);
  t.equal(both[0].digest, sha256("the content"));
  t.equal((await read(both[1].open())).toString(), "the content");
  t.strictSame(readdirSync(downloads), [sha256("the content").slice(7)]);
  await source.resolve(image, signal);
  const later = new ImageSource({
    directories: [],
    downloadDirectory: downloads,
    fetch: () => inPieces(new Error("not reached")),
  });
  await later.resolve(image, signal);
  t.strictSame(fetched, ["https://images.test/a?key"]);
});

t.test("downloaded content that was damaged on disk is downloaded again", async (t) => {
  const { source, fetched, downloads } = setup(t);
  const image = imageOf({ source: { url: "https://images.test/a" }, checksum: sha256("the content") });
  await source.resolve(image, signal);
  writeFileSync(join(downloads, sha256("the content").slice(7)), "rotten");
  const content = await source.resolve(image, signal);
  t.equal((await read(content.open())).toString(), "the content");
  t.equal(fetched.length, 2);
});

t.test("a download that is not what was promised is thrown away", async (t) => {
  const { source, downloads } = setup(t);
  const wrong = imageOf({ source: { url: "https://images.test/a?key" }, checksum: sha256("else") });
  await t.rejects(source.resolve(wrong, signal), {
    name: "ImageError",
    failure: "ChecksumMismatch",
    message: `https://images.test/a is ${sha256("the content")}, not ${sha256("else")}`,
  });
  t.strictSame(readdirSync(downloads), []);
});

t.test("failures of a fetch keep their meaning", async (t) => {
  const cases: readonly [Error, string][] = [
    [new StatusError("Forbidden", "a private address"), "Forbidden"],
    [new StatusError("RequestEntityTooLarge", "too long"), "Refused"],
    [new StatusError("Timeout", "too slow"), "DownloadFailed"],
    [new Error("the disk is full"), "DownloadFailed"],
  ];
  for (const [error, failure] of cases) {
    const { source } = setup(t, () => inPieces("the", error));
    const image = imageOf({ source: { url: "https://images.test/a" }, checksum: sha256("the content") });
    await t.rejects(source.resolve(image, signal), { failure, message: error.message });
  }
});

t.test("downloaded content that is refused is not downloaded again to be refused again", async (t) => {
  const { source, fetched } = setup(t, () => inPieces("QED\0"));
  const image = imageOf({ source: { url: "https://images.test/a?key" }, checksum: sha256("QED\0") });
  for (const _ of [1, 2]) {
    await t.rejects(source.resolve(image, signal), {
      name: "ImageError",
      failure: "Refused",
      message: /^https:\/\/images\.test\/a is a QED/,
    });
  }
  t.equal(fetched.length, 1);
});

t.test("unused content is removed, what is being fetched and what is not ours stays", async (t) => {
  const { promise: go, resolve: release } = Promise.withResolvers<void>();
  const { source, downloads } = setup(t, async function* (url) {
    if (url.endsWith("slow")) await go;
    yield Buffer.from(url);
  });
  const imageAt = (url: string): Image => imageOf({ source: { url }, checksum: sha256(url) });
  await source.prune(new Set());
  for (const url of ["https://images.test/a", "https://images.test/b"])
    await source.resolve(imageAt(url), signal);
  writeFileSync(join(downloads, "notes.txt"), "not ours");
  writeFileSync(join(downloads, `${"0".repeat(64)}.part`), "left by a crash");
  const slow = source.resolve(imageAt("https://images.test/slow"), signal);
  await source.prune(new Set([sha256("https://images.test/b")]));
  release();
  await slow;
  const left = [
    sha256("https://images.test/b").slice(7),
    sha256("https://images.test/slow").slice(7),
    "notes.txt",
  ];
  t.strictSame(readdirSync(downloads).sort(), left.sort());
});

t.test("disposing ends a download and leaves no half of it", async (t) => {
  const begun = Promise.withResolvers<void>();
  const { source, downloads } = setup(t, async function* (_, end) {
    yield Buffer.from("half");
    begun.resolve();
    await new Promise((_, reject) => end.addEventListener("abort", () => reject(end.reason)));
  });
  const image = imageOf({ source: { url: "https://images.test/a" }, checksum: sha256("half and half") });
  const outcome = t.rejects(source.resolve(image, signal), { name: "AbortError" });
  await begun.promise;
  await source[Symbol.asyncDispose]();
  await outcome;
  t.strictSame(readdirSync(downloads), []);
});

t.test("content comes over real HTTPS", { skip: withoutHttpsServer() }, async (t) => {
  const bytes = Buffer.alloc(3 << 20, "disk");
  await using server = await startHttpsServer(["images.test"], (_, response) => response.end(bytes));
  const { source, downloads } = setup(t, (url, end) =>
    httpsFetch(url, {
      clock: new ManualClock(),
      signal: end,
      maxBytes: 2 ** 30,
      timeoutMs: 60_000,
      idleTimeoutMs: 60_000,
      isAllowedAddress: (address) => address === "127.0.0.1",
      lookup: async () => [{ address: "127.0.0.1", family: 4 }],
      ca: server.ca,
    }),
  );
  const url = `https://images.test:${server.port}/disk`;
  const content = await source.resolve(imageOf({ source: { url }, checksum: sha256(bytes) }), signal);
  t.ok((await read(content.open())).equals(bytes));
  t.ok(existsSync(join(downloads, content.digest.slice(7))));
});
