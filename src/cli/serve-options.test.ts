import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import t from "tap";
import { ServeConfigSchema } from "../schema/serve-config.ts";
import { addServeOptions, readServeOptions } from "./serve-options.ts";

function flags(...args: readonly string[]) {
  const command = new Command("serve").exitOverride();
  addServeOptions(command);
  command.parse([...args], { from: "user" });
  return command.opts();
}

t.test("every setting has a flag, described by the schema", async (t) => {
  const command = new Command("serve").configureHelp({ helpWidth: 1000 });
  addServeOptions(command);
  const help = command.helpInformation();
  for (const [name, schema] of Object.entries(ServeConfigSchema.properties)) {
    t.ok("description" in schema && help.includes(String(schema.description)), name);
  }
  t.equal(command.options.length, Object.keys(ServeConfigSchema.properties).length + 1);
});

t.test("flags win over the file, the file over the defaults", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-settings-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const file = join(directory, "ostler.yaml");
  await writeFile(file, "stateDir: /file\nfakeHosts: 2\nhosts: [qemu:///system]\n");
  const settings = await readServeOptions(
    flags("--config", file, "--fake-hosts", "3", "--image-dir", "/a", "--image-dir", "/b"),
  );
  t.match(settings, {
    stateDir: "/file",
    fakeHosts: 3,
    hosts: ["qemu:///system"],
    imageDirs: ["/a", "/b"],
    listen: "127.0.0.1:6440",
  });
  await writeFile(file, "");
  t.match(await readServeOptions(flags("--config", file)), { stateDir: "./state" });
  for (const text of ["stateDirectory: /x", "- a", "a: [", "a: 1\n---\nb: 2"]) {
    await writeFile(file, text);
    await t.rejects(readServeOptions(flags("--config", file)), { name: "UsageError" });
  }
  await t.rejects(readServeOptions(flags("--config", join(directory, "nope"))), { name: "UsageError" });
});

t.test("a wrong value is told by the name of its setting", async (t) => {
  await t.rejects(readServeOptions(flags("--fake-hosts", "x")), { message: /fakeHosts: .*is "x"/ });
  await t.rejects(readServeOptions(flags("--listen", "nowhere")), { message: /listen/ });
});
