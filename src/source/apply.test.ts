import t from "tap";
import { admit } from "../schema/admission.ts";
import { parseManifests } from "../schema/manifest.ts";
import type { Resource } from "../schema/meta.ts";
import { machineYaml } from "../testing/source-fixture.ts";
import { planSource, type SourceFile, type SourceInput } from "./apply.ts";
import type { StoredObject } from "./stored-object.ts";

/** A file and what it says; `=broken` or `=settling` after the path. */
type Given = Readonly<Record<string, string>>;

function filesOf(given: Given): readonly SourceFile[] {
  return Object.entries(given).map(([name, text]) => {
    const [path = "", state = "good"] = name.split("=");
    const { manifests } = parseManifests(text, path);
    if (state === "good" || state === "broken" || state === "settling") return { path, manifests, state };
    throw new Error(`no state ${state}`);
  });
}

/** An object in the store: made from `path` by the Source s, or from nothing. */
function stored(
  name: string,
  path?: string,
  change: (object: Resource) => Resource = (it) => it,
): StoredObject {
  const [manifest] = parseManifests(machineYaml(name), "x.yaml").manifests;
  if (manifest === undefined) throw new Error("no manifest");
  const marks = {
    labels: { "ostler.dev/source": "s" },
    annotations: { "ostler.dev/source-path": path ?? "" },
  };
  const metadata = {
    ...manifest.resource.metadata,
    uid: `uid-${name}`,
    ...(path === undefined ? {} : marks),
  };
  return { kind: manifest.kind, object: change({ ...manifest.resource, metadata }) };
}

function input(
  given: Given,
  existing: readonly StoredObject[],
  more: Partial<SourceInput> = {},
): SourceInput {
  return {
    source: "s",
    sources: new Set(["s"]),
    files: filesOf(given),
    stored: existing,
    enabled: true,
    doubts: [],
    confirmed: undefined,
    sighting: undefined,
    nowMs: 100_000,
    secondLookMs: 0,
    digest: (text) => text,
    ...more,
  };
}

/** A plan in few words: `+name file`, `~name file`, `-name`, `!file`, and why nothing is deleted. */
function words(given: Given, existing: readonly StoredObject[], more: Partial<SourceInput> = {}): string[] {
  const { creates, updates, problems, prune } = planSource(input(given, existing, more));
  const deleted = prune.type === "delete" ? prune.deletions : [];
  return [
    ...creates.map(({ after, manifest }) => `+${after.metadata.name} ${manifest.file}`),
    ...updates.map(({ after, manifest }) => `~${after.metadata.name} ${manifest.file}`),
    ...deleted.map(({ object }) => `-${object.metadata.name}`),
    ...problems.map(({ file }) => `!${file}`),
    ...(prune.type === "blocked" ? [prune.doubt.reason] : prune.type === "wait" ? ["wait"] : []),
  ];
}

const one = machineYaml("one");
const two = machineYaml("two");
const changed = machineYaml("one", "  runStrategy: Halted\n");
const dying = (object: Resource): Resource => ({
  ...object,
  metadata: { ...object.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
});
const ofSource =
  (name: string) =>
  (object: Resource): Resource => ({
    ...object,
    metadata: { ...object.metadata, labels: { "ostler.dev/source": name } },
  });
const adopting = one.replace("spec:", '  annotations: {ostler.dev/adopt: "true"}\nspec:');

const plans: readonly [string, Given, readonly StoredObject[], readonly string[]][] = [
  ["nothing for nothing", {}, [], []],
  ["a new object is created", { "a.yaml": one }, [], ["+one a.yaml"]],
  ["an object as it should be is left alone", { "a.yaml": one }, [stored("one", "a.yaml")], []],
  ["a changed one is updated", { "a.yaml": changed }, [stored("one", "a.yaml")], ["~one a.yaml"]],
  ["one from another file is updated", { "b.yaml": one }, [stored("one", "a.yaml")], ["~one b.yaml"]],
  ["a dying one is left alone", { "a.yaml": changed }, [stored("one", "a.yaml", dying)], []],
  ["one that is gone from the files is deleted", { "a.yaml": one }, both(), ["-two"]],
  [
    "a dying one is not deleted again",
    { "a.yaml": one },
    [stored("one", "a.yaml"), stored("two", "b.yaml", dying)],
    [],
  ],
  ["strangers are not deleted", { "a.yaml": one }, [stored("one", "a.yaml"), stored("two")], []],
  [
    "another source's are not deleted",
    { "a.yaml": one },
    [stored("two", "a.yaml", ofSource("x"))],
    ["+one a.yaml"],
  ],
  ["the first of two new files wins", { "b.yaml": one, "a.yaml": changed }, [], ["+one a.yaml", "!b.yaml"]],
  [
    "the file that has it keeps it",
    { "a.yaml": changed, "b.yaml": one },
    [stored("one", "b.yaml")],
    ["!a.yaml"],
  ],
  [
    "two documents of one file: the first wins",
    { "a.yaml": `${one}---\n${changed}` },
    [],
    ["+one a.yaml", "!a.yaml"],
  ],
  ["a broken file keeps what it had", { "a.yaml=broken": "" }, [stored("one", "a.yaml")], []],
  [
    "a broken file keeps others out",
    { "a.yaml=broken": "", "b.yaml": one },
    [stored("one", "a.yaml")],
    ["!b.yaml"],
  ],
  [
    "a broken file's last words hold",
    { "a.yaml=broken": changed },
    [stored("one", "a.yaml")],
    ["~one a.yaml"],
  ],
  [
    "a broken file stops all deletions",
    { "a.yaml=broken": "", "c.yaml": one },
    [stored("two", "b.yaml")],
    ["+one c.yaml", "BrokenFiles"],
  ],
  [
    "a file being written delays all deletions",
    { "a.yaml=settling": "", "c.yaml": one },
    [stored("two", "b.yaml")],
    ["+one c.yaml", "wait"],
  ],
  ["a stranger is not touched", { "a.yaml": changed }, [stored("one")], ["!a.yaml"]],
  ["even when it is the same", { "a.yaml": one }, [stored("one")], ["!a.yaml"]],
  ["unless it is adopted", { "a.yaml": adopting }, [stored("one")], ["~one a.yaml"]],
  [
    "another source's cannot be adopted",
    { "a.yaml": adopting },
    [stored("one", "x", ofSource("t"))],
    ["!a.yaml"],
  ],
  ["a removed source's can", { "a.yaml": adopting }, [stored("one", "x", ofSource("gone"))], ["~one a.yaml"]],
  [
    "a removed source's is a stranger",
    { "a.yaml": one },
    [stored("one", "x", ofSource("gone"))],
    ["!a.yaml"],
  ],
  ["no object at all in the folder deletes nothing", {}, [stored("one", "a.yaml")], ["FolderEmpty"]],
];

function both(): readonly StoredObject[] {
  return [stored("one", "a.yaml"), stored("two", "b.yaml")];
}

for (const [title, given, existing, expected] of plans) {
  t.test(title, async (t) => {
    t.strictSame(words(given, existing, { sources: new Set(["s", "t"]) }), expected);
  });
}

t.test("carrying a plan out leaves nothing to do", async (t) => {
  const given = { "a.yaml": `${changed}---\n${two}`, "b.yaml": two };
  const { creates, updates } = planSource(input(given, [stored("one", "b.yaml")]));
  const after = [...creates, ...updates].map(({ manifest, after }) => ({
    kind: manifest.kind,
    object: after,
  }));
  t.strictSame(words(given, after), ["!b.yaml"]);
});

t.test("the order of files does not matter", async (t) => {
  const given = { "a.yaml": one, "b.yaml": changed, "c.yaml": two };
  const reversed = Object.fromEntries(Object.entries(given).reverse());
  t.strictSame(planSource(input(given, [])), planSource(input(reversed, [])));
});

t.test("the plan is the same whoever else is in the store", async (t) => {
  t.strictSame(words({ "a.yaml": one }, [stored("two"), stored("three", "z", ofSource("t"))]), [
    "+one a.yaml",
  ]);
});

t.test("a pool's number is its file's if that says it, else whoever's scales it", async (t) => {
  const poolYaml = (replicas: string) =>
    `apiVersion: ostler.dev/v1\nkind: VirtualMachinePool\nmetadata: {name: web}\nspec:\n${replicas}` +
    "  selector: {matchLabels: {app: web}}\n" +
    "  template: {metadata: {labels: {app: web}}, spec: {cpus: 1, memory: 64Mi}}\n";
  const replicasAfter = (text: string): unknown => {
    const [manifest] = parseManifests(text, "web.yaml").manifests;
    if (manifest?.kind.scale === undefined) throw new Error("no pool");
    const { kind, resource } = manifest;
    const metadata = {
      ...resource.metadata,
      labels: { "ostler.dev/source": "s" },
      annotations: { "ostler.dev/source-path": "web.yaml" },
    };
    const scaled = kind.scale?.withDesired({ ...resource, metadata }, 7) ?? resource;
    const { updates } = planSource(input({ "web.yaml": text }, [{ kind, object: scaled }]));
    return updates.map(({ after }) => kind.scale?.desired(after));
  };
  t.strictSame(replicasAfter(poolYaml("  replicas: 3\n")), [3]);
  t.strictSame(replicasAfter(poolYaml("")), []);
});

t.test("a host that was cordoned stays so unless its file says that it is not", async (t) => {
  const after = (cordoned: string) => {
    const head = "apiVersion: ostler.dev/v1\nkind: Host\nmetadata: {name: h1}\n";
    const text = `${head}spec: {uri: "test:///default"${cordoned}}\n`;
    const [host] = parseManifests(text, "h.yaml").manifests;
    if (host === undefined) throw new Error("no host");
    const { kind, resource } = host;
    const metadata = {
      ...resource.metadata,
      labels: { "ostler.dev/source": "s" },
      annotations: { "ostler.dev/source-path": "h.yaml" },
    };
    const object = admit(kind, {
      ...resource,
      metadata,
      spec: { uri: "test:///default", unschedulable: true },
    });
    return planSource(input({ "h.yaml": text }, [{ kind, object }])).updates.map((update) => update.after);
  };
  t.strictSame(after(""), []);
  t.match(after(", unschedulable: false"), [{ spec: { unschedulable: false } }]);
});
