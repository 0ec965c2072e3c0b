import { StatusError } from "../../runtime/errors.ts";
import { readYamlDocuments, type YamlDocument } from "../../schema/yaml-documents.ts";

const maxCharacters = 256 * 1024;
const maxLexemes = 20_000;

/**
 * The documents of a body in YAML, which is kept short: reading it takes a hundred times as long as JSON.
 * Throws `RequestEntityTooLarge`.
 */
export function readShortYaml(text: string): readonly YamlDocument[] {
  if (text.length <= maxCharacters) return readYamlDocuments(text, maxLexemes);
  throw new StatusError(
    "RequestEntityTooLarge",
    `a body in YAML may have at most ${maxCharacters} characters; send JSON`,
  );
}
