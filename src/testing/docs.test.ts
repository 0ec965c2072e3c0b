import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { parseManifests } from "../schema/manifest.ts";
import { isRecord } from "../schema/plain.ts";
import { kinds } from "../schema/scheme.ts";
import { openSourceWorld } from "./source-fixture.ts";

const docs = join(import.meta.dirname, "../../docs");
const reference = join(docs, "reference");
const examples = join(docs, "examples");

function pages(): readonly (readonly [string, string])[] {
  const names = readdirSync(reference).filter((name) => name.endsWith(".md"));
  return names.map((name) => [name, readFileSync(join(reference, name), "utf8")]);
}

/** The manifests shown in a page. */
function yamlBlocks(page: string): readonly string[] {
  return Array.from(page.matchAll(/^```yaml\n(.*?)^```/gms), ([, text = ""]) => text);
}

t.test("every manifest in the reference is valid", async (t) => {
  for (const [name, text] of pages()) {
    for (const block of yamlBlocks(text)) t.strictSame(parseManifests(block, name).problems, [], name);
  }
});

/** The paths of all fields below a schema: `disks`, `disks[].name`. */
function fieldsOf(schema: unknown, prefix = ""): readonly string[] {
  if (!isRecord(schema)) return [];
  if (isRecord(schema.items)) return fieldsOf(schema.items, `${prefix.replace(/\.$/, "")}[].`);
  if (!isRecord(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const below = fieldsOf(field, `${prefix}${name}.`);
    const isGroup = isRecord(field) && field.type === "object" && below.length > 0;
    return isGroup ? below : [`${prefix}${name}`, ...below];
  });
}

t.test("every field of a spec is in the table of its kind", async (t) => {
  const text = new Map(pages());
  for (const kind of kinds.filter(({ group }) => group === "ostler.dev")) {
    const page = `${kind.kind.replace(/(?<=.)[A-Z]/g, "-$&").toLowerCase()}.md`;
    const properties =
      isRecord(kind.schema) && isRecord(kind.schema.properties) ? kind.schema.properties : {};
    for (const field of fieldsOf(properties.spec)) {
      // What a template has within is told where it is a spec of its own.
      if (field.startsWith("template.spec.")) continue;
      t.match(text.get(page) ?? "", `\n| \`${field}\` |`, `${page} tells of ${field}`);
    }
  }
});

t.test("every example can be applied as it is, all of them together", async (t) => {
  const world = await openSourceWorld(t);
  const names = readdirSync(examples).filter((name) => name.endsWith(".yaml"));
  t.ok(names.length >= 4);
  for (const name of names) world.folder.put(name, readFileSync(join(examples, name)));
  await world.look();
  const { status } = await world.source();
  t.match(status?.conditions, [{ type: "Ready", status: "True" }]);
  t.equal(status?.problems, undefined);
  t.equal(status?.files, names.length);
});
