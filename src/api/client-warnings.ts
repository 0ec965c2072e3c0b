import type { IncomingHttpHeaders } from "node:http";

/** One value of the header: a code, who warns, and a quoted text (RFC 7234, section 5.5). */
const warningValue = /\d{3} \S+ "((?:[^"\\]|\\.)*)"/g;

/** The texts of an answer's `Warning` header: bytes, as Node shows them, that are to be read as UTF-8. */
export function readWarnings({ warning = "" }: IncomingHttpHeaders): readonly string[] {
  const text = Buffer.from(warning, "latin1").toString();
  return [...text.matchAll(warningValue)].map(([, quoted = ""]) => quoted.replaceAll(/\\(.)/g, "$1"));
}
