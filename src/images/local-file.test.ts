import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { openLocalFile } from "./local-file.ts";

/** `images` is allowed; `secrets` beside it is not. */
function folders(t: Test): { images: string; secrets: string; base: string } {
  const base = t.testdir({
    images: { "a.img": "image", sub: { "b.img": "below" } },
    secrets: { key: "secret" },
  });
  return { base, images: join(base, "images"), secrets: join(base, "secrets") };
}

async function read(path: string, ...directories: string[]): Promise<string> {
  await using handle = await openLocalFile(path, directories);
  return await handle.readFile("utf8");
}

t.test("files below an image directory are opened", async (t) => {
  const { images, base } = folders(t);
  t.equal(await read(join(images, "a.img"), images), "image");
  t.equal(await read(join(images, "sub/b.img"), "/nowhere", images), "below");
  t.equal(await read(join(images, "sub/../a.img"), images), "image");
  t.equal(await read(join(images, "a.img"), `${images}/`), "image");
  t.equal(await read(join(images, "a.img"), "/"), "image");
  symlinkSync(images, join(base, "alias"));
  t.equal(await read(join(base, "alias/a.img"), join(base, "alias")), "image", "named by its alias");
  t.equal(await read(join(images, "a.img"), join(base, "alias")), "image", "named by its real path");
  symlinkSync(join(images, "sub"), join(images, "inside"));
  t.equal(await read(join(images, "inside/b.img"), images), "below", "a link that stays inside");
});

t.test("nothing outside is opened, and whether it exists does not show", async (t) => {
  const { images, secrets, base } = folders(t);
  symlinkSync(secrets, join(images, "way-out"));
  mkdirSync(join(base, "images-not"));
  writeFileSync(join(base, "images-not/x"), "");
  const paths = [
    join(secrets, "key"),
    join(secrets, "no-such-key"),
    `${images}/../secrets/key`,
    `${images}/sub/../../secrets/key`,
    join(base, "images-not/x"),
    join(images, "way-out/key"),
    images,
    "/",
    "/etc/passwd",
    "/proc/self/environ",
    `${images}/%2e%2e/secrets/key`,
    `${images}/．．/secrets/key`,
    `${images}/..;/secrets/key`,
    `${images}\\..\\secrets\\key`,
  ];
  for (const path of paths) {
    await t.rejects(read(path, images), { name: "ImageError", failure: /^(Forbidden|NotFound)$/ }, path);
  }
  const existing = await read(join(secrets, "key"), images).catch(String);
  const missing = await read(join(secrets, "no-such-key"), images).catch(String);
  t.equal(missing, existing.replace("secrets/key", "secrets/no-such-key"));
  await t.rejects(
    read(join(images, "a.img")),
    { name: "ImageError", failure: "Forbidden" },
    "no directory is allowed",
  );
  await t.rejects(
    read("/missing/a.img", "/missing"),
    { name: "ImageError", failure: "NotFound" },
    "the directory is gone",
  );
});

t.test("a file that is a link is refused, wherever it leads", async (t) => {
  const { images, secrets } = folders(t);
  symlinkSync(join(secrets, "key"), join(images, "out"));
  symlinkSync(join(images, "a.img"), join(images, "in"));
  symlinkSync("/dev/zero", join(images, "zero"));
  symlinkSync(join(images, "loop"), join(images, "loop"));
  for (const name of ["out", "in", "zero", "loop"]) {
    await t.rejects(
      read(join(images, name), images),
      { name: "ImageError", failure: "Forbidden", message: /symbolic link/ },
      name,
    );
  }
});

t.test("only regular files are opened, and nothing waits for a writer", async (t) => {
  const images = mkdtempSync(join(tmpdir(), "ostler-")); // a socket's path must be short
  t.teardown(() => rmSync(images, { recursive: true }));
  mkdirSync(join(images, "folder"));
  execFileSync("mkfifo", [join(images, "fifo")]);
  const socket = createServer().listen(join(images, "socket"));
  await once(socket, "listening");
  t.teardown(() => socket.close());
  const says = { name: "ImageError", failure: "Forbidden", message: /is not a regular file/ };
  for (const name of ["folder", "fifo", "socket"])
    await t.rejects(read(join(images, name), images), says, name);
  await t.rejects(read("/dev/null", "/dev"), says);
});

t.test("a file that is not there is not found", async (t) => {
  const { images } = folders(t);
  await t.rejects(read(join(images, "none"), images), {
    name: "ImageError",
    failure: "NotFound",
    message: `${images}/none does not exist`,
  });
  await t.rejects(read(join(images, "no/such"), images), { name: "ImageError", failure: "NotFound" });
  await t.rejects(read(join(images, "a.img/x"), images), { name: "ImageError", failure: "NotFound" });
  await t.rejects(read(join(images, "x".repeat(300)), images), {
    name: "ImageError",
    failure: "Unreadable",
    message: /ENAMETOOLONG/,
  });
  await t.rejects(read(`${images}/a.img\0.txt`, images), { name: "ImageError", failure: "Unreadable" });
  linkSync(join(images, "a.img"), join(images, "hard"));
  t.equal(await read(join(images, "hard"), images), "image", "a hard link is a file");
});
