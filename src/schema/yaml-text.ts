import { stringify } from "yaml";

const options = {
  schema: "yaml-1.1",
  aliasDuplicateObjects: false,
  lineWidth: 0,
  defaultKeyType: "PLAIN",
  defaultStringType: "QUOTE_DOUBLE",
} as const;

/** YAML that every parser reads alike, old ones too: every text is quoted, nothing is folded or shared. */
export function yamlText(value: unknown): string {
  return stringify(value, options);
}
