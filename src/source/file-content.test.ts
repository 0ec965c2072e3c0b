import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { readFileBelow } from "./file-content.ts";

const base = realpathSync(mkdtempSync(join(tmpdir(), "ostler-file-")));
t.teardown(() => rmSync(base, { recursive: true }));
const root = join(base, "root");
mkdirSync(join(root, "sub"), { recursive: true });
mkdirSync(join(base, "outside"));
writeFileSync(join(base, "outside", "secret.yaml"), "secret");
writeFileSync(join(root, "a.yaml"), "content");
writeFileSync(join(root, "empty.yaml"), "");
symlinkSync("a.yaml", join(root, "link.yaml"));
symlinkSync(join(base, "outside"), join(root, "away"));
mkdirSync(join(root, "folder.yaml"));
execFileSync("mkfifo", [join(root, "pipe.yaml")]);

const cases: readonly [string, object][] = [
  ["a.yaml", { type: "read", content: new TextEncoder().encode("content") }],
  ["empty.yaml", { type: "read", content: new Uint8Array() }],
  ["sub/../a.yaml", { type: "read" }],
  ["missing.yaml", { type: "absent" }],
  ["a.yaml/x.yaml", { type: "absent" }],
  ["link.yaml", { type: "refused", message: /symbolic link/ }],
  ["folder.yaml", { type: "refused", message: /not a regular file/ }],
  ["pipe.yaml", { type: "refused", message: /not a regular file/ }],
  ["away/secret.yaml", { type: "refused", message: /outside the folder/ }],
  ["../outside/secret.yaml", { type: "refused", message: /outside the folder/ }],
];

t.test("only regular files inside the folder are read", async (t) => {
  for (const [name, expected] of cases)
    t.match(await readFileBelow(root, `${root}/${name}`, 100), expected, name);
});

t.test("a device is not a file", async (t) => {
  t.match(await readFileBelow("/dev", "/dev/zero", 100), { type: "refused", message: /not a regular file/ });
});

t.test("a folder with a name that begins the same is outside", async (t) => {
  mkdirSync(`${root}2`);
  writeFileSync(`${root}2/a.yaml`, "x");
  t.match(await readFileBelow(root, `${root}2/a.yaml`, 100), { message: /outside/ });
});

t.test("a file may be as long as allowed and no longer", async (t) => {
  t.match(await readFileBelow(root, join(root, "a.yaml"), 7), { type: "read" });
  t.match(await readFileBelow(root, join(root, "a.yaml"), 6), {
    type: "refused",
    message: /larger than 6 bytes/,
  });
});
