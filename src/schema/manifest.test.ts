import t from "tap";
import { quick } from "../testing/seeds.ts";
import { keepingLeft, type ManifestProblem, maxManifestBytes, parseManifests } from "./manifest.ts";
import type { Resource } from "./meta.ts";

const head = `apiVersion: ostler.dev/v1
kind: VirtualMachine
metadata:
  name: web
`;
const machine = `${head}spec:
  cpus: 1
  memory: 1Gi
`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const repeat = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length));

type Row = readonly [
  name: string,
  content: string | Uint8Array,
  place: `${number}:${number}`,
  path: string | undefined,
  says: RegExp,
];

const malformed: readonly Row[] = [
  ["a misspelt field", `${machine}  memery: 1\n`, "8:3", "spec.memery", /did you mean "memory"/],
  ["an unknown field", `${machine}  zzz: 1\n`, "8:3", "spec.zzz", /^unknown field; known: runStrategy, /],
  ["a field at the wrong level", `${machine}cpus: 1\n`, "8:1", "cpus", /^unknown field/],
  ["a wrong type", machine.replace("cpus: 1", "cpus: two"), "6:9", "spec.cpus", /a whole number, is "two"/],
  ["a number for text", machine.replace("1Gi", "4096"), "7:11", "spec.memory", /is 4096; write it in quotes/],
  ["a wrong quantity", machine.replace("1Gi", "4 GB"), "7:11", "spec.memory", /such as "512Mi" or "10Gi"/],
  ["an empty value", machine.replace("cpus: 1", "cpus:"), "6:3", "spec.cpus", /is empty/],
  [
    "no number at all",
    machine.replace("cpus: 1", "cpus: .nan"),
    "6:9",
    "spec.cpus",
    /must be a finite number/,
  ],
  ["half a size", `${head}spec:\n  cpus: 1\n`, "5:1", "spec.memory", /^required: give cpus and memory/],
  ["no spec", head, "1:1", "spec", /^required$/],
  ["no name", machine.replace("name: web", "{}"), "3:1", "metadata.name", /^required$/],
  ["a bad name", machine.replace("web", "Web_1"), "4:9", "metadata.name", /is "Web_1"/],
  ["a bad label", label("tier: a b"), "6:11", "metadata.labels.tier", /is "a b"/],
  ["a bad label key", label("-tier: a"), "6:5", 'metadata.labels["-tier"]', /^not a valid key$/],
  ["a long label key", label("a.b/c: a b"), "6:12", 'metadata.labels["a.b/c"]', /at most 63 letters/],
  ["a wrong word", `${machine}  runStrategy: always\n`, "8:16", "spec.runStrategy", /did you mean "Always"/],
  [
    "a wrong list item",
    `${machine}  disks:\n  - name: a\n`,
    "9:5",
    "spec.disks[0]",
    /give an image, a size for a blank disk, or a volume/,
  ],
  ["a twin disk", disks("a", "a"), "10:12", "spec.disks[1].name", /duplicate name "a"/],
  ["a missing space", `${head}spec:\n  cpus:1\n`, "6:3", "spec", /must be a mapping, is "cpus:1"/],
  ["a namespace where none belongs", host("namespace: a"), "3:41", "metadata.namespace", /no namespace/],
  [
    "a wrong version",
    machine.replace("v1", "v9"),
    "1:13",
    "apiVersion",
    /no kind "VirtualMachine" in version/,
  ],
  ["a wrong kind", machine.replace("lM", "m"), "2:7", "kind", /^no kind "Virtuamachine"/],
  ["no kind", "apiVersion: v1\n", "1:1", "kind", /^required: one of VirtualMachine, /],
  ["no version", "kind: Host\n", "1:1", "apiVersion", /^required, such as ostler\.dev\/v1$/],
  ["plain text", "hello\n", "1:1", undefined, /must be a mapping with apiVersion/],
  ["a bare list", "- a\n- b\n", "1:1", undefined, /must be a mapping with apiVersion/],
  ["a List without items", "apiVersion: v1\nkind: List\n", "1:1", "items", /must be a list of resources/],
  ["a bad item of a List", list("3"), "4:3", "items[0]", /must be a mapping with apiVersion/],
  ["a bad field in a List", list(host("zzz: 1")), "6:32", "items[0].metadata.zzz", /^unknown field/],
  ["a duplicate key", `${machine}  cpus: 2\n`, "8:3", undefined, /^duplicate key "cpus"$/],
  ["a key that is no text", label("8080: a"), "6:5", undefined, /a key must be text; write it in quotes/],
  ["a tab", `${head}spec:\n\tcpus: 1\n`, "6:1", undefined, /Tabs are not allowed/],
  ["bad indentation", `${head}spec:\n   cpus: 1\n  memory: 1Gi\n`, "7:1", undefined, /same column/],
  ["a stray colon", "kind: a: b\n", "1:7", undefined, /Nested mappings are not allowed/],
  ["an open quote", `${head}spec: "abc\n`, "6:1", undefined, /Missing closing "quote/],
  [
    "an open brace",
    `${head}spec: {cpus: 1\n`,
    "6:1",
    undefined,
    /must be sufficiently indented and end with/,
  ],
  ["a stray bracket", "]\n", "1:1", undefined, /Unexpected flow-seq-end/],
  ["a bad escape", 'a: "\\q"\n', "1:5", undefined, /Invalid escape sequence/],
  ["a reserved character", "a: @b\n", "1:4", undefined, /reserved character @/],
  ["text after the end", "...\njunk\n", "2:1", undefined, /must be a mapping/],
  ["CRLF", `${machine}  zzz: 1\n`.replaceAll("\n", "\r\n"), "8:3", "spec.zzz", /^unknown field/],
  ["a byte order mark", bytes(`\uFEFF${machine}  zzz: 1\n`), "8:3", "spec.zzz", /^unknown field/],
  ["bytes that are not UTF-8", Uint8Array.of(...bytes(head), 0x80), "5:1", undefined, /not UTF-8/],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x61, 0), "1:1", undefined, /not UTF-8/],
  ["NUL", `${head}spec: \0\n`, "5:7", undefined, /control character U\+0000/],
  ["the lexer's own marks", `${head}spec: \x1f\n`, "5:7", undefined, /control character U\+001F/],
  ["a merge key", "a: &a {x: 1}\nb:\n  <<: *a\n", "3:3", undefined, /merge keys/],
  ["__proto__", `${head}spec:\n  __proto__: {a: 1}\n`, "6:3", undefined, /"__proto__" is not allowed/],
  ["constructor", label("constructor: a"), "6:5", undefined, /"constructor" is not allowed/],
  ["a tag of its own", `${head}spec: !foo\n  cpus: 1\n`, "5:7", undefined, /Unresolved tag: !foo/],
  ["a language's tag", "!!python/object:os.system [x]\n", "1:1", undefined, /Unresolved tag/],
  ["a binary", "a: !!binary aGVsbG8=\n", "1:4", undefined, /Unresolved tag/],
  ["YAML 1.1", "%YAML 1.1\n---\nyes: no\n", "1:1", undefined, /directives \(%\) are not supported/],
  ["an alias to nothing", "a: *x\n", "1:4", undefined, /alias \*x has no anchor before it/],
  ["an alias to itself", "a: &x [*x]\n", "1:8", undefined, /alias \*x has no anchor before it/],
  ["many aliases", `a: &a x\nb: [${"*a, ".repeat(11)}]\n`, "2:45", undefined, /more than 10 aliases/],
  ["a billion laughs", laughs(), "3:11", undefined, /more than 10 aliases/],
  ["10,000 open brackets", `a: ${"[".repeat(10_000)}`, "1:54", undefined, /nested deeper than 50/],
  [
    "10,000 closed brackets",
    `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
    "1:52",
    undefined,
    /deeper than 50/,
  ],
  ["10,000 open braces", "{a: ".repeat(10_000), "1:202", undefined, /nested deeper than 50/],
  ["10,000 dashes", "- ".repeat(10_000), "1:102", undefined, /nested deeper than 50/],
  ["10,000 question marks", "? ".repeat(10_000), "1:102", undefined, /nested deeper than 50/],
  ["a deep staircase", stairs(60), "51:52", undefined, /nested deeper than 50/],
  ["a huge file", "#".repeat(maxManifestBytes + 1), "1:1", undefined, /larger than 1048576 bytes/],
  ["a huge name", machine.replace("web", repeat("x", 900_000)), "4:9", "metadata.name", /is "x{40}…"/],
  [
    "a megabyte of commas",
    `[${repeat(",", 1_000_000)}`,
    "1:400000",
    undefined,
    /too long to be read at once/,
  ],
  ["a megabyte of keys", repeat("a:\n", 1_000_000), "100000:3", undefined, /too long to be read at once/],
  ["a megabyte of brackets", repeat("]", 1_000_000), "1:1", undefined, /Unexpected flow-seq-end/],
  ["10,001 documents", "---\n".repeat(10_001), "1:1", undefined, /more than 10000 documents/],
];

function label(line: string): string {
  return machine.replace("name: web", `name: web\n  labels:\n    ${line}`);
}

function disks(...names: readonly string[]): string {
  return `${machine}  disks:\n${names.map((name) => `  - {name: ${name}, size: 1Gi}\n`).join("")}`;
}

function host(metadata: string): string {
  return `apiVersion: ostler.dev/v1
kind: Host
metadata: {name: h1,         ${metadata}}
spec:
  uri: qemu:///system
`;
}

function list(item: string): string {
  return `apiVersion: v1\nkind: List\nitems:\n- ${item.trimEnd().replaceAll("\n", "\n  ")}\n`;
}

function laughs(): string {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
  return names
    .map((name, index) => {
      const before = names[index - 1];
      const item = before === undefined ? "lol" : `*${before}`;
      return `${name}: &${name} [${Array(9).fill(item).join(",")}]\n`;
    })
    .join("");
}

function stairs(depth: number): string {
  return Array.from({ length: depth }, (_, index) => `${" ".repeat(index)}a:\n`).join("");
}

t.test("what is malformed is refused with its file, line, column, field and reason", async (t) => {
  for (const [name, content, place, path, says] of malformed) {
    const { manifests, problems } = parseManifests(content, "folder/x.yaml");
    const first: Partial<ManifestProblem> = problems[0] ?? {};
    t.strictSame(manifests, [], name);
    t.equal(first.file, "folder/x.yaml", name);
    t.equal(`${first.line}:${first.column}`, place, name);
    t.equal(first.path, path, name);
    t.match(first.message, says, name);
    t.ok((first.message ?? "").length < 400, `${name}: the message is short`);
  }
  t.notOk("a" in {}, "no prototype was touched");
});

t.test("no text up to the limit takes long", async (t) => {
  const worst = ["&a\n", "- |\n"];
  const hostile = [...worst, "[,", "*a ", "a\n:\n", "\n", "? a\n", "'"];
  for (const text of quick ? worst : hostile) {
    const started = process.cpuUsage().user;
    parseManifests(repeat(text, maxManifestBytes - 10), "x.yaml");
    const seconds = (process.cpuUsage().user - started) / 1e6;
    t.ok(seconds < 5, `${JSON.stringify(text)} took ${seconds} s`);
  }
});

t.test("a problem in one document hides no other", async (t) => {
  const text = [machine, "foo\n", `${machine}  x: [\n`, "# nothing\n", machine.replace("web", "db")].join(
    "---\n",
  );
  const { manifests, problems } = parseManifests(text, "x.yaml");
  t.strictSame(
    manifests.map(({ resource, line, index }) => [resource.metadata.name, line, index]),
    [
      ["web", 1, 0],
      ["db", 22, 1],
    ],
  );
  t.strictSame(
    problems.map(({ line }) => line),
    [9, 19],
  );
});

t.test("every problem of a document is told", async (t) => {
  const { problems } = parseManifests(`${machine}  a: 1\n  b: 2\n  runStrategy: x\n`, "x.yaml");
  t.strictSame(
    problems.map(({ line, path }) => [line, path]),
    [
      [8, "spec.a"],
      [9, "spec.b"],
      [10, "spec.runStrategy"],
    ],
  );
});

t.test("a List is its items", async (t) => {
  const text = list(machine) + list(host("labels: {}")).replace(/^.*\n.*\n.*\n/, "");
  const { manifests, problems } = parseManifests(text, "x.yaml");
  t.strictSame(problems, []);
  t.strictSame(
    manifests.map(({ kind, line }) => [kind.kind, line]),
    [
      ["VirtualMachine", 4],
      ["Host", 11],
    ],
  );
});

t.test("a long List is read once, not once for each of its items", async (t) => {
  const count = 600;
  const started = process.cpuUsage().user;
  const [head = "", item = ""] = list(machine).split(/(?=^- )/m);
  const { manifests } = parseManifests(`${head}${item.repeat(count)}`, "x.yaml");
  t.equal(manifests.length, count);
  t.equal(manifests.at(-1)?.line, 4 + 7 * (count - 1));
  const seconds = (process.cpuUsage().user - started) / 1e6;
  t.ok(seconds < 5, `${seconds} s`);
});

t.test("JSON is YAML, tabs and all", async (t) => {
  const value = {
    apiVersion: "ostler.dev/v1",
    kind: "Host",
    metadata: { name: "a" },
    spec: { uri: "test:///x" },
  };
  const text = JSON.stringify(value, null, "\t");
  t.strictSame(parseManifests(text, "x.json").manifests[0]?.resource.metadata, { name: "a" });
  t.match(parseManifests(text.replace("uri", "url"), "x.json").problems[1], { line: 8, path: "spec.url" });
});

t.test("empty documents are nothing", async (t) => {
  for (const text of [
    "",
    "\n\n",
    "# only this\n",
    "---\n---\n# and this\n---\n",
    "\uFEFF",
    "null\n",
    "...\n",
  ]) {
    t.strictSame(parseManifests(text, "x.yaml"), { manifests: [], problems: [] }, JSON.stringify(text));
  }
});

t.test("a text may hold what looks like a separator, a bracket or a broken character", async (t) => {
  const note = `  annotations:\n    note: |\n      a\n      ---\n      ${"[{".repeat(100)}\n      \uFFFD\n`;
  const text = bytes(machine.replace("spec:", `${note}spec:`));
  t.match(
    parseManifests(text, "x.yaml").manifests[0]?.resource.metadata.annotations?.note,
    /\[\{\n\uFFFD\n$/,
  );
});

t.test("an alias brings the same value again", async (t) => {
  const text = `${head}spec:\n  cpus: &n 2\n  memory: 1Gi\n  terminationGracePeriodSeconds: *n\n`;
  t.match(parseManifests(text, "x.yaml").manifests[0]?.resource, {
    spec: { terminationGracePeriodSeconds: 2 },
  });
});

t.test("the caller's own rules are located like all others", async (t) => {
  const check = () => [{ field: "metadata.name", message: "taken" }];
  t.strictSame(parseManifests(machine, "x.yaml", { check }), {
    manifests: [],
    problems: [{ file: "x.yaml", line: 4, column: 9, path: "metadata.name", message: "taken" }],
  });
});

t.test("the problems of one file are at most a hundred", async (t) => {
  t.equal(parseManifests(list("3") + "- 3\n".repeat(500), "x.yaml").problems.length, 100);
});

t.test("what a manifest leaves to others stays as it is", async (t) => {
  const pool = (replicas: string) =>
    `apiVersion: ostler.dev/v1\nkind: VirtualMachinePool\nmetadata: {name: web}\nspec:\n${replicas}` +
    "  selector: {matchLabels: {app: web}}\n" +
    "  template: {metadata: {labels: {app: web}}, spec: {cpus: 1, memory: 64Mi}}\n";
  const host = (cordoned: string) =>
    `apiVersion: ostler.dev/v1\nkind: Host\nmetadata: {name: h1}\nspec:\n  uri: test:///default\n${cordoned}`;
  const specAfter = (text: string, others: Record<string, unknown>) => {
    const [manifest] = parseManifests(text, "web.yaml").manifests;
    if (manifest === undefined) throw new Error("no manifest");
    const resource: Resource & { readonly spec?: object } = manifest.resource;
    return keepingLeft(manifest, { ...resource, spec: { ...resource.spec, ...others } }, resource);
  };
  t.match(specAfter(pool("  replicas: 3\n"), { replicas: 7 }), { spec: { replicas: 3 } });
  t.match(specAfter(pool(""), { replicas: 7 }), { spec: { replicas: 7 } });
  t.match(specAfter(host("  unschedulable: false\n"), { unschedulable: true }), {
    spec: { unschedulable: false },
  });
  const kept = specAfter(host(""), { unschedulable: true, accelerator: "kvm" });
  t.match(kept, { spec: { unschedulable: true, accelerator: "auto" } }, "all else is the manifest's");
});
