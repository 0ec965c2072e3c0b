import { readFile } from "node:fs/promises";
import t from "tap";
import { parseServeConfig, ServeConfigSchema } from "../schema/serve-config.ts";
import { readYamlDocuments } from "../schema/yaml-documents.ts";
import { exitCodes } from "./exit-codes.ts";

const text = await readFile(new URL("../../docs/reference/cli.md", import.meta.url), "utf8");

t.test("the settings in the reference are valid and are all there are, but for fake hosts", async (t) => {
  const [, yaml = ""] = /```yaml settings\n([\s\S]*?)```/.exec(text) ?? [];
  const [document] = readYamlDocuments(yaml);
  if (document?.type !== "document") throw new Error("the reference has no settings");
  const settings = parseServeConfig(document.value);
  t.same(Object.keys(settings).sort(), Object.keys(ServeConfigSchema.properties).sort());
  const { listen, resyncSeconds } = parseServeConfig({});
  t.match(settings, { listen, resyncSeconds });
});

t.test("the reference lists every exit code", async (t) => {
  for (const code of Object.values(exitCodes)) t.match(text, `\n| ${code} | `);
});
