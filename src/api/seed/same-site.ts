import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a page of another site asks, through the browser of somebody who does not know. Browsers say so;
 * what is no browser says nothing, and is believed.
 */
export function isFromAnotherSite(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
