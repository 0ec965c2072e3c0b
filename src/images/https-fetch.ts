import { promises as dns, type LookupAddress } from "node:dns";
import type { IncomingMessage } from "node:http";
import { Agent, get } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { orAborted } from "../runtime/abort.ts";
import type { Clock } from "../runtime/clock.ts";
import { messageOf, StatusError } from "../runtime/errors.ts";
import { printableUrl } from "./printable-url.ts";

export interface HttpsFetchOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  /** For everything, the reader's own time included. */
  readonly timeoutMs: number;
  /** Between two pieces of data, and before the first. */
  readonly idleTimeoutMs: number;
  /** `isPublicAddress`, or something that allows more for a laboratory. */
  readonly isAllowedAddress: (address: string) => boolean;
  /** All addresses of a name; the system's resolver unless given. */
  readonly lookup?: (hostname: string) => Promise<readonly LookupAddress[]>;
  /** PEM of the authorities to trust instead of the well-known ones. */
  readonly ca?: string;
}

const maxRedirects = 3;

/**
 * The bytes behind an https URL. A name is resolved once per request. If any of its addresses is not
 * allowed nothing is sent; the connection goes to one of the addresses that were checked, whatever the name
 * means by then. Redirects (at most 3) are checked the same way. No proxy, no cookies, no credentials.
 *
 * Throws `Forbidden` (address, scheme, credentials in the URL), `RequestEntityTooLarge`, `Timeout`,
 * `ServiceUnavailable` (all else), or the signal's reason. Messages leave out the query: it may be a secret.
 */
export async function* httpsFetch(
  url: string,
  options: HttpsFetchOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const expiry = new AbortController();
  const signal = AbortSignal.any([options.signal, expiry.signal]);
  const giveUpAfter = (ms: number, why: string) =>
    options.clock.after(ms, () => expiry.abort(new StatusError("Timeout", `${printableUrl(url)}: ${why}`)));
  const whole = giveUpAfter(options.timeoutMs, `not finished after ${options.timeoutMs} ms`);
  let idle = giveUpAfter(options.idleTimeoutMs, `no data for ${options.idleTimeoutMs} ms`);
  let response: IncomingMessage | undefined;
  try {
    response = await follow(url, { ...options, signal });
    let received = 0;
    for await (const chunk of response) {
      idle.cancel();
      received += chunk.length;
      if (received > options.maxBytes) throw tooLarge(url, options.maxBytes);
      yield chunk;
      idle = giveUpAfter(options.idleTimeoutMs, `no data for ${options.idleTimeoutMs} ms`);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StatusError) throw error;
    throw new StatusError("ServiceUnavailable", `${printableUrl(url)}: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    whole.cancel();
    idle.cancel();
    response?.destroy();
  }
}

/** The answer with the content, at the end of all redirects. */
async function follow(url: string, options: HttpsFetchOptions): Promise<IncomingMessage> {
  let target = checkUrl(url);
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await request(target, options);
    const { location } = response.headers;
    const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0);
    if (!isRedirect || location === undefined) return checkResponse(target, response, options.maxBytes);
    response.destroy();
    target = checkUrl(location, target);
  }
  throw new StatusError("ServiceUnavailable", `${printableUrl(url)}: more than ${maxRedirects} redirects`);
}

async function request(target: URL, options: HttpsFetchOptions): Promise<IncomingMessage> {
  const addresses = await checkedAddresses(target, options);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(target, {
    agent: new Agent({ keepAlive: false }),
    signal: options.signal,
    lookup: pin(addresses),
    headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "ostler" },
    rejectUnauthorized: true,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
    .on("response", resolve)
    .on("error", reject);
  return await promise;
}

async function checkedAddresses(target: URL, options: HttpsFetchOptions): Promise<readonly LookupAddress[]> {
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const lookup = options.lookup ?? ((hostname) => dns.lookup(hostname, { all: true }));
  const family = isIP(host);
  const addresses =
    family === 0 ? await orAborted(lookup(host), options.signal) : [{ address: host, family }];
  const refused = addresses.find(({ address }) => !options.isAllowedAddress(address));
  if (refused !== undefined) {
    const where = family === 0 ? `${host} is at ${refused.address}` : host;
    throw new StatusError("Forbidden", `${printableUrl(target)}: ${where}, which is not a public address`);
  }
  if (addresses.length === 0) throw new StatusError("ServiceUnavailable", `${host} has no address`);
  return addresses;
}

/** A resolver that knows these addresses only. */
function pin(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all || first === undefined) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

function checkUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null) throw new StatusError("Forbidden", `${printableUrl(base ?? text)}: not a URL`);
  if (url.protocol !== "https:") {
    throw new StatusError(
      "Forbidden",
      `${printableUrl(base ?? url)}: leads to ${url.protocol}, only https is used`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new StatusError("Forbidden", `${printableUrl(url)}: credentials in a URL are not used`);
  }
  return url;
}

function checkResponse(target: URL, response: IncomingMessage, maxBytes: number): IncomingMessage {
  const fault = faultOf(target, response, maxBytes);
  if (fault === undefined) return response;
  response.destroy();
  throw fault;
}

function faultOf(target: URL, response: IncomingMessage, maxBytes: number): StatusError | undefined {
  if (response.statusCode !== 200) {
    return new StatusError("ServiceUnavailable", `${printableUrl(target)}: answered ${response.statusCode}`);
  }
  const encoding = response.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    return new StatusError("ServiceUnavailable", `${printableUrl(target)}: answered in encoding ${encoding}`);
  }
  const announced = Number(response.headers["content-length"] ?? 0);
  return announced > maxBytes ? tooLarge(target, maxBytes) : undefined;
}

function tooLarge(url: URL | string, maxBytes: number): StatusError {
  return new StatusError("RequestEntityTooLarge", `${printableUrl(url)}: longer than ${maxBytes} bytes`);
}
