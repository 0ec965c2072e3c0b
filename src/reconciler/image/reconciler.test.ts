import { createHash } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { ImageSource } from "../../images/image-source.ts";
import { silentLogger } from "../../runtime/logger.ts";
import { admit } from "../../schema/admission.ts";
import { type Image, ImageKind, type ImageStatus } from "../../schema/image.ts";
import { openMemoryLog } from "../../store/memory-log.ts";
import { ResourceStore } from "../../store/resource-store.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { SeededRandom } from "../../testing/seeded-random.ts";
import type { Result } from "../reconcile.ts";
import { ImageReconciler } from "./reconciler.ts";

const { signal } = new AbortController();
const fiveMinutes = { requeueAfterMs: 300_000 };

function sha256(bytes: string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A reconciler on a store in memory and real files; `web` is what URLs lead to. */
async function setup(t: Test) {
  const base = t.testdir({ images: {}, state: {} });
  const clock = new ManualClock();
  const log = openMemoryLog(clock);
  const store = await ResourceStore.open({ log, clock, random: new SeededRandom(1), admit });
  const web = new Map<string, string | Error>();
  const content = new ImageSource({
    directories: [join(base, "images")],
    downloadDirectory: join(base, "state"),
    fetch: async function* (url) {
      const answer = web.get(url) ?? new Error(`${url}: answered 404`);
      if (answer instanceof Error) throw answer;
      yield Buffer.from(answer);
    },
  });
  const reconciler = new ImageReconciler({ store, content, clock });
  t.teardown(async () => {
    await content[Symbol.asyncDispose]();
    store[Symbol.dispose]();
    await log[Symbol.asyncDispose]();
  });
  return {
    store,
    web,
    downloads: join(base, "state"),
    file: (name: string) => join(base, "images", name),
    create: (spec: Image["spec"], name = "debian") =>
      store.create(ImageKind, { apiVersion: "ostler.dev/v1", kind: "Image", metadata: { name }, spec }),
    reconcile: (name = "debian"): Promise<Result> => reconciler.reconcile({ name }, signal, silentLogger),
    status: async (name = "debian"): Promise<ImageStatus> =>
      (await store.get(ImageKind, { name }))?.status ?? {},
    version: async (): Promise<string | undefined> =>
      (await store.get(ImageKind, { name: "debian" }))?.metadata.resourceVersion,
  };
}

t.test("a local file gets a status, and no write when nothing changed", async (t) => {
  const { file, create, reconcile, status, version } = await setup(t);
  writeFileSync(file("a.img"), "a disk");
  await create({ source: { file: file("a.img") } });
  t.strictSame(await reconcile(), fiveMinutes);
  t.match(await status(), {
    observedGeneration: 1,
    format: "raw",
    contents: "disk",
    digest: sha256("a disk"),
    sizeBytes: 6,
    virtualSizeBytes: 512,
    conditions: [{ type: "Ready", status: "True", reason: "Available" }],
  });
  const before = await version();
  for (let look = 0; look < 100; look += 1) await reconcile();
  t.equal(await version(), before);
});

t.test("a status follows the file", async (t) => {
  const { file, create, reconcile, status } = await setup(t);
  await create({ source: { file: file("a.img") } });
  t.strictSame(await reconcile(), fiveMinutes, "a file that is missing is looked for again");
  t.match(await status(), { digest: undefined, conditions: [{ status: "False", reason: "NotFound" }] });
  writeFileSync(file("a.img"), "a disk");
  await reconcile();
  t.equal((await status()).digest, sha256("a disk"));
  writeFileSync(file("a.img"), "another disk");
  await reconcile();
  t.equal((await status()).digest, sha256("another disk"));
  rmSync(file("a.img"));
  await reconcile();
  const gone = { digest: sha256("another disk"), conditions: [{ status: "False", reason: "NotFound" }] };
  t.match(await status(), gone, "hosts that hold the content can go on with it");
});

t.test("refusals are told and not retried", async (t) => {
  const { file, create, reconcile, status } = await setup(t);
  writeFileSync(file("a.vmdk"), "KDMV");
  writeFileSync(file("a.img"), "a disk");
  const cases: readonly [string, Image["spec"], string][] = [
    ["vmdk", { source: { file: file("a.vmdk") } }, "Refused"],
    ["outside", { source: { file: "/etc/hostname" } }, "Forbidden"],
    ["mismatch", { source: { file: file("a.img") }, checksum: sha256("else") }, "ChecksumMismatch"],
  ];
  for (const [name, spec, reason] of cases) {
    await create(spec, name);
    t.strictSame(await reconcile(name), fiveMinutes);
    t.match(await status(name), { digest: undefined, conditions: [{ status: "False", reason }] });
  }
});

t.test("a failed download is told once and left to the controller to retry", async (t) => {
  const { web, create, reconcile, status, version } = await setup(t);
  const url = "https://images.test/debian";
  await create({ source: { url }, checksum: sha256("a disk") });
  await t.rejects(reconcile(), { name: "ImageError", failure: "DownloadFailed" });
  t.match(await status(), {
    conditions: [{ status: "False", reason: "DownloadFailed", message: `${url}: answered 404` }],
  });
  const before = await version();
  await t.rejects(reconcile(), { name: "ImageError", failure: "DownloadFailed" });
  t.equal(await version(), before);
  web.set(url, "a disk");
  t.strictSame(await reconcile(), {}, "what is here by its digest need not be looked at again");
  t.match(await status(), { digest: sha256("a disk"), conditions: [{ status: "True" }] });
});

t.test("a download shows while it goes on", async (t) => {
  const { store, web, create, reconcile } = await setup(t);
  web.set("https://images.test/debian", "a disk");
  await create({ source: { url: "https://images.test/debian" }, checksum: sha256("a disk") });
  const { resourceVersion } = await store.list(ImageKind);
  await reconcile();
  const reasons: (string | undefined)[] = [];
  const stop = new AbortController();
  for await (const event of store.watch(ImageKind, { since: resourceVersion, signal: stop.signal })) {
    if (event.type === "BOOKMARK") continue;
    reasons.push(event.object.status?.conditions?.[0]?.reason);
    if (reasons.length === 2) stop.abort();
  }
  t.strictSame(reasons, ["Downloading", "Available"]);
});

t.test("downloads that no image wants are removed", async (t) => {
  const { store, web, downloads, create, reconcile } = await setup(t);
  for (const name of ["debian", "fedora"]) {
    web.set(`https://images.test/${name}`, name);
    await create({ source: { url: `https://images.test/${name}` }, checksum: sha256(name) }, name);
    await reconcile(name);
  }
  t.equal(readdirSync(downloads).length, 2);
  await store.delete(ImageKind, { name: "fedora" });
  t.strictSame(await reconcile("fedora"), {});
  t.strictSame(readdirSync(downloads), [sha256("debian").slice(7)]);

  web.set("https://images.test/debian", "newer");
  const spec = { source: { url: "https://images.test/debian" }, checksum: sha256("newer") };
  const image = await store.get(ImageKind, { name: "debian" });
  if (image === undefined) throw new Error("the image is gone");
  await store.update(ImageKind, { ...image, spec });
  await reconcile();
  t.strictSame(readdirSync(downloads), [sha256("newer").slice(7)]);
});

t.test("an end of the reconcile is not taken for a failure of the image", async (t) => {
  const { store, web, create, status } = await setup(t);
  await create({ source: { url: "https://images.test/debian" }, checksum: sha256("a disk") });
  web.set("https://images.test/debian", "a disk");
  const hanging = { resolve: () => Promise.reject(new Error("shutting down")), prune: async () => {} };
  const content = { ...hanging, [Symbol.asyncDispose]: async () => {} };
  const reconciler = new ImageReconciler({ store, content, clock: new ManualClock() });
  await t.rejects(reconciler.reconcile({ name: "debian" }, signal, silentLogger), {
    message: "shutting down",
  });
  t.match(await status(), { conditions: [{ reason: "Downloading" }] });
});
