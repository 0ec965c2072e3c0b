import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { readManifests } from "./manifest-files.ts";

const yaml = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;
const session = (stdin = "") => ({ readStdin: async () => stdin, namespace: "team" });

t.test("files, folders and standard input are read in the order given", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-files-"));
  t.teardown(() => rm(directory, { recursive: true }));
  for (const name of ["b.yml", "a.yaml", ".hidden.yaml", "c.txt"]) {
    await writeFile(join(directory, name), yaml(name.replaceAll(".", "")));
  }
  await writeFile(
    join(directory, "d.json"),
    JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: {} }),
  );
  const { manifests, problems } = await readManifests(["-", directory], session(yaml("stdin")));
  t.same(
    manifests.map(({ resource }) => resource.metadata.name),
    ["stdin", "ayaml", "byml"],
  );
  t.match(problems, [/d\.json:1:\d+: metadata\.name: required/]);
});

t.test("what names no namespace is in the session's, if it is in any", async (t) => {
  const host =
    "apiVersion: ostler.dev/v1\nkind: Host\nmetadata: {name: h1}\nspec: {uri: 'test:///default'}\n";
  const lease = (metadata: string) =>
    `apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {${metadata}}\n`;
  const text = [host, lease("name: a"), lease("name: b, namespace: other")].join("---\n");
  const { manifests } = await readManifests(["-"], session(text));
  t.same(
    manifests.map(({ resource }) => resource.metadata.namespace),
    [undefined, "team", "other"],
  );
});

t.test("files and folders without an object are a mistake that is told of", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-manifests-"));
  t.teardown(() => rm(directory, { recursive: true }));
  await t.rejects(
    readManifests([directory], session()),
    /no objects in \/.*: of a folder the files \*\.yaml/,
  );
  await t.rejects(readManifests(["-"], session("# nothing\n")), /^there are no objects in standard input$/);
});

t.test("nothing to read is wrong usage", async (t) => {
  await t.rejects(readManifests([], session()), { name: "UsageError" });
  await t.rejects(readManifests(["/nonexistent"], session()), { name: "UsageError" });
});
