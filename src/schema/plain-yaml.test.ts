import { deepStrictEqual } from "node:assert";
import * as fc from "fast-check";
import t from "tap";
import { readPlainYaml } from "./plain-yaml.ts";
import { readWholeYaml } from "./whole-yaml.ts";

const manifest = `---
# A machine.
apiVersion: ostler.dev/v1
kind: VirtualMachine
metadata:
  name: web-1   # of two
  labels:
    app.kubernetes.io/name: web
    tier: "frontend # not a comment"
spec:
  cpus: 2
  memory: 512Mi
  runStrategy: Always
  disks:
  - name: root
    image: debian-13
    size: 10Gi

  - name: data
    size: '20Gi'
  networks:
    - name: front
      macAddress: 52:54:00:12:34:56
    - {}
  kernelBoot:
    commandLine: console=ttyS0 root=/dev/vda ro
  empty: []
  flags: [] # none
`;

t.test("a manifest as people write it is plain", async (t) => {
  const document = readPlainYaml(manifest);
  t.equal(document?.offset, manifest.indexOf("apiVersion"));
  t.strictSame(document?.value, {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: {
      name: "web-1",
      labels: { "app.kubernetes.io/name": "web", tier: "frontend # not a comment" },
    },
    spec: {
      cpus: 2,
      memory: "512Mi",
      runStrategy: "Always",
      disks: [
        { name: "root", image: "debian-13", size: "10Gi" },
        { name: "data", size: "20Gi" },
      ],
      networks: [{ name: "front", macAddress: "52:54:00:12:34:56" }, {}],
      kernelBoot: { commandLine: "console=ttyS0 root=/dev/vda ro" },
      empty: [],
      flags: [],
    },
  });
  t.ok(agree(manifest));
});

t.test("what could mean something else is left to the parser that knows all of YAML", async (t) => {
  const texts = [
    "",
    "# nothing",
    "a:",
    "a: ~",
    "a: null",
    "a: True",
    "a: 1.5",
    "a: 0x10",
    "a: 1e3",
    "a: 007",
    "a: 2026-01-01",
    "a: 10.0.0.1",
    "a: -1",
    "a: .inf",
    "a: &b c",
    "a: *b",
    "a: !!str b",
    "a: |\n  b",
    "a: >\n  b",
    "a: [b]",
    "a: {b: c}",
    'a: "b\\n"',
    "a: 'it''s'",
    'a: "b\n  c"',
    "a: b\n  c",
    " a: b\nc: d",
    "  a: b",
    "a: b: c",
    "a: b:",
    "a: b\na: c",
    "__proto__: b",
    "true: b",
    "? a\n: b",
    "a :b",
    "a:\n  b: c\n d: e",
    "a:\n- - b",
    "a:\n-\n  b: c",
    "a:\n  - b\n c: d",
    "- a",
    "a: b\n...",
    "--- a: b",
    "%YAML 1.2\n---\na: b",
    "a: b\r\nc: d",
    "a:\tb",
    "a: ü",
    "<<: b",
    "1: b",
    `${"k".repeat(300)}: b`,
  ];
  for (const text of texts) t.equal(readPlainYaml(text), undefined, JSON.stringify(text));
});

const scalars = [
  ..."a b-c yes on null true false True 0 7 010 0o7 1e3 0x1f 8Mi 1_000 +5 -1".split(" "),
  ...".5 1.5 1. NaN .nan ~ b: : c:d http://x/y 10.0.0.1 2026-01-01 12:30".split(" "),
  ..."@a `a %a &a *a !a |  > [] {} [a] {a} ] , a, a,b - -- --- ... ? ! #".split(" "),
  ...[
    "",
    "a b",
    "a  b",
    "a - b",
    "a #b",
    "a # b",
    "a: b",
    "'q'",
    "''",
    "'it''s'",
    '"q"',
    '"a\\n"',
    '"q" x',
    "\t",
    "ü",
  ],
];
const keys = "a b key x/y.z on true null 1 -k k- <<".split(" ");

t.test("whatever is read as plain YAML is what the whole of YAML says", async (t) => {
  const line = fc
    .record({
      indent: fc.nat(5),
      dash: fc.constantFrom("", "", "- ", "-  ", "-"),
      key: fc.constantFrom("", ...keys.map((key) => `${key}:`), "k :"),
      gap: fc.constantFrom(" ", " ", "  ", ""),
      value: fc.constantFrom("", "", ...scalars),
      end: fc.constantFrom("", "", "", " ", " # c", "#c"),
    })
    .map(
      ({ indent, dash, key, gap, value, end }) => `${" ".repeat(indent)}${dash}${key}${gap}${value}${end}`,
    );
  const text = fc
    .tuple(
      fc.constantFrom("", "", "---\n", "--- # c\n", "--- a\n", "# c\n"),
      fc.array(line, { maxLength: 7 }),
    )
    .map(([head, lines]) => head + lines.join("\n"));
  const entry = fc
    .tuple(fc.constantFrom("a", "b", "c", "d/e"), fc.constantFrom(...scalars), fc.constantFrom("", " # c"))
    .map(([key, value, end]) => `${key}: ${value}${end}\n`);
  const flat = fc.array(entry, { minLength: 1, maxLength: 2 }).map((entries) => entries.join(""));
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, flat), async (sample) => {
      if (agree(sample)) plain += 1;
    }),
    { numRuns: 5000 },
  );
  t.ok(plain > 500, `${plain} were plain`);
});

t.test("all data of plain words is plain, however it is indented", async (t) => {
  const words = fc
    .stringMatching(/^[a-z][a-z0-9.-]{0,8}[a-z0-9]$/)
    .filter((word) => !/^(null|true|false)$/.test(word));
  const { tree } = fc.letrec<{ tree: Tree; list: Tree[]; value: Tree }>((tie) => ({
    tree: fc.dictionary(words, tie("value"), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
    list: fc.array(fc.oneof(words, tie("tree")), { minLength: 1, maxLength: 3 }),
    value: fc.oneof({ maxDepth: 4 }, words, fc.nat(), fc.boolean(), tie("tree"), tie("list")),
  }));
  const style = fc.record({ step: fc.integer({ min: 1, max: 4 }), listStep: fc.integer({ min: 0, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(tree, style, async (value, shape) => {
      const text = render(value, "", shape);
      t.strictSame(readPlainYaml(text)?.value, value, text);
      t.ok(agree(text));
    }),
    { numRuns: 300 },
  );
});

type Tree = string | number | boolean | Tree[] | { [key: string]: Tree };

/** As block YAML, by rules of its own. */
function render(tree: Tree, indent: string, style: { step: number; listStep: number }): string {
  if (typeof tree !== "object") return `${indent}${tree}\n`;
  if (Array.isArray(tree)) {
    return tree
      .map((value) => `${indent}- ${render(value, `${indent}  `, style).slice(indent.length + 2)}`)
      .join("");
  }
  const entries = Object.entries(tree).map(([key, value]) => {
    if (typeof value !== "object") return `${indent}${key}: ${value}\n`;
    const step = " ".repeat(Array.isArray(value) ? style.listStep : style.step);
    return `${indent}${key}:\n${render(value, indent + step, style)}`;
  });
  return entries.join("");
}

/** Whether the text is plain; throws when it is and the other reader says something else about it. */
function agree(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === undefined) return false;
  const [whole, ...more] = readWholeYaml(text, 0, { lexemes: 400_000 });
  if (whole?.type !== "document" || more.length > 0) {
    throw new Error(`not one document: ${JSON.stringify(text)}`);
  }
  deepStrictEqual([plain.value, plain.offset], [whole.value, whole.offset], JSON.stringify(text));
  return true;
}
