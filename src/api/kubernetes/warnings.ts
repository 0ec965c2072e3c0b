/** As in Kubernetes: a header has to stay shorter than clients bear. */
const maxCharacters = 256;
const maxBytes = 4096;

/**
 * The `Warning` header of an answer, which kubectl prints; undefined when there is nothing to warn of. A
 * header holds bytes, and clients read them as UTF-8.
 */
export function warningHeader(warnings: readonly string[]): string | undefined {
  const shown: string[] = [];
  let bytes = 0;
  for (const warning of warnings) {
    const text = Buffer.from(`299 - ${quoted(warning)}`).toString("latin1");
    bytes += text.length + 2;
    if (bytes > maxBytes) break;
    shown.push(text);
  }
  return shown.length === 0 ? undefined : shown.join(", ");
}

function quoted(text: string): string {
  const characters = [...text];
  const cut =
    characters.length > maxCharacters ? [...characters.slice(0, maxCharacters - 1), "…"] : characters;
  const plain = cut.join("").toWellFormed().replaceAll(controls, " ");
  return `"${plain.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

const controls = /\p{Cc}/gu;
