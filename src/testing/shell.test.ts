import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { isInstalled } from "./libvirt-host.ts";

const root = join(import.meta.dirname, "../..");
const skip = isInstalled("shellcheck") ? false : "shellcheck is not installed";

t.test("every shell script passes shellcheck", { skip }, async (t) => {
  const scripts = ["install.sh", "bin/ostler", ".ci/run", ...below("scripts"), ...below("src")];
  t.ok(scripts.length > 8, "found the scripts");
  const check = promisify(execFile)("shellcheck", ["--external-sources", ...scripts], { cwd: root });
  await check.catch((error: { stdout?: string }) => t.fail(error.stdout ?? String(error)));
});

function below(folder: string): readonly string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".sh")).map((name) => join(folder, name));
}
