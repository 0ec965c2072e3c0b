/** A URL as messages show it: without query, fragment and credentials, which may be secrets. */
export function printableUrl(url: URL | string): string {
  const parsed = URL.parse(String(url));
  return parsed === null ? "the url" : `${parsed.origin}${parsed.pathname}`;
}
