import { StatusError } from "../../runtime/errors.ts";
import { apiVersionOf, type Kind } from "../../schema/kind.ts";

/** What may be done to resources, in the words that discovery and authorisation use. */
export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** What a request is about, read from its method and path alone. */
export interface RequestInfo {
  readonly verb: Verb;
  readonly kind: Kind;
  /** Absent for cluster-scoped kinds and for all namespaces at once. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/**
 * Reads `/api/v1/...` and `/apis/GROUP/VERSION/...`:
 * `[namespaces/NS/]PLURAL[/NAME[/SUBRESOURCE]]`. Throws `NotFound` for paths that name nothing and
 * `MethodNotAllowed` for methods that the path does not have. `partsOf`: the subresources of a kind.
 */
export function parseRequest(
  kinds: readonly Kind[],
  request: { readonly method: string; readonly path: string; readonly query: URLSearchParams },
  partsOf: (kind: Kind) => readonly { readonly name: string }[],
): RequestInfo {
  const place = parsePath(kinds, segmentsOf(request.path));
  if (place === undefined || !hasPart(place, partsOf)) throw nothingHere();
  return { verb: verbOf(request.method, place, request.query), ...place };
}

type Place = Omit<RequestInfo, "verb">;

function hasPart({ kind, subresource }: Place, partsOf: Parameters<typeof parseRequest>[2]): boolean {
  return subresource === undefined || partsOf(kind).some(({ name }) => name === subresource);
}

function parsePath(kinds: readonly Kind[], segments: readonly string[]): Place | undefined {
  const core = segments[0] === "api";
  if (!core && segments[0] !== "apis") return undefined;
  const [group, version, ...rest] = core ? ["", ...segments.slice(1)] : segments.slice(1);
  if (group === undefined || version === undefined) return undefined;
  const served = byVersion(kinds).get(`${group}/${version}`) ?? [];
  return namespacedPlace(served, rest) ?? clusterPlace(served, rest);
}

const sorted = new WeakMap<readonly Kind[], ReadonlyMap<string, readonly Kind[]>>();

/** The kinds by their groups and versions, sorted once. */
function byVersion(kinds: readonly Kind[]): ReadonlyMap<string, readonly Kind[]> {
  const known = sorted.get(kinds) ?? Map.groupBy(kinds, ({ group, version }) => `${group}/${version}`);
  sorted.set(kinds, known);
  return known;
}

/** `namespaces/NS/PLURAL...`; the namespace itself and its status are cluster-scoped places. */
function namespacedPlace(kinds: readonly Kind[], path: readonly string[]): Place | undefined {
  const [literal, namespace, plural, name, subresource, ...more] = path;
  if (literal !== "namespaces" || namespace === undefined || plural === undefined) return undefined;
  const kind = kinds.find((known) => known.namespaced && known.plural === plural);
  if (kind === undefined || more.length > 0) return undefined;
  return { kind, namespace, name, subresource };
}

/** `PLURAL...`; for a namespaced kind that is all namespaces at once, without a name. */
function clusterPlace(kinds: readonly Kind[], path: readonly string[]): Place | undefined {
  const [plural, name, subresource, ...more] = path;
  const kind = kinds.find((known) => known.plural === plural);
  if (kind === undefined || more.length > 0 || (kind.namespaced && name !== undefined)) return undefined;
  return { kind, namespace: undefined, name, subresource };
}

function verbOf(method: string, { name, subresource }: Place, query: URLSearchParams): Verb {
  switch (method) {
    case "GET":
      if (isTrue(query.get("watch"))) return "watch";
      return name === undefined ? "list" : "get";
    case "HEAD":
      return name === undefined ? "list" : "get";
    case "POST":
      if (name === undefined || subresource !== undefined) return "create";
      break;
    case "PUT":
      if (name !== undefined) return "update";
      break;
    case "PATCH":
      if (name !== undefined) return "patch";
      break;
    case "DELETE":
      return name === undefined ? "deletecollection" : "delete";
  }
  throw notAllowed();
}

/** The error of a method that a path does not have. */
export function notAllowed(): StatusError {
  const message = "the server does not allow this method on the requested resource";
  return new StatusError("MethodNotAllowed", message);
}

/** How Kubernetes reads a boolean query parameter: `1`, `true`, or given without a value. */
export function isTrue(value: string | null): boolean {
  return value === "" || value === "1" || value?.toLowerCase() === "true";
}

/** The error of a path that names nothing. */
export function nothingHere(): StatusError {
  return new StatusError("NotFound", "the server could not find the requested resource");
}

/** `virtualmachines.ostler.dev "web" not found`: the wording that clients know. */
export function notFound(kind: Kind, name: string): StatusError {
  const resource = kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
  return new StatusError("NotFound", `${resource} "${name}" not found`);
}

/** The path of a collection or, with a name, of an object. */
export function pathOf(kind: Kind, namespace?: string, name?: string, subresource?: string): string {
  const parts = [
    kind.group === "" ? "/api" : "/apis",
    apiVersionOf(kind),
    ...(namespace === undefined ? [] : ["namespaces", encodeURIComponent(namespace)]),
    kind.plural,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return parts.join("/");
}

function segmentsOf(path: string): string[] {
  try {
    const segments = path.slice(1, path.endsWith("/") ? -1 : undefined).split("/");
    return path.includes("%") ? segments.map(decodeURIComponent) : segments;
  } catch (cause) {
    throw new StatusError("BadRequest", "the request path is not correctly percent-encoded", { cause });
  }
}
