/** A line that says something, without what surrounds it. */
export interface TextLine {
  readonly line: number;
  readonly text: string;
}

/** The lines of a list: blank ones and comments are left out, line ends may be those of Windows. */
export function textLines(text: string): readonly TextLine[] {
  return text
    .replace(/^\ufeff/, "")
    .split("\n")
    .map((line, index) => ({ line: index + 1, text: withoutComment(line).trim() }))
    .filter((line) => line.text !== "");
}

/** A comment begins with `#` at the start of a line or after a space. */
function withoutComment(line: string): string {
  return line.replace(/(^|\s)#.*$/, "");
}
