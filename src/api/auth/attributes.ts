import { StatusError } from "../../runtime/errors.ts";

/** What a request is about, as far as it matters for whether it is allowed. */
export type Attributes = ResourceAttributes | PathAttributes;

export interface ResourceAttributes {
  readonly type: "resource";
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string | undefined;
  /** Absent outside of namespaces, and for all of them at once. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

export interface PathAttributes {
  readonly type: "path";
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

interface Line {
  readonly method: string;
  /** The URL without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * Reads a request line by its syntax alone, as Kubernetes does: what is not served is judged too, so that who
 * may not see it does not learn that it is not there. Throws `BadRequest` for a path that can be read in
 * several ways.
 */
export function readAttributes({ method, path, query }: Line): Attributes {
  const segments = segmentsOf(path);
  const [root, ...rest] = segments;
  const core = root === "api";
  const needed = core ? 2 : 3;
  if ((!core && root !== "apis") || rest.length < needed) {
    return { type: "path", verb: method.toLowerCase(), path: `/${segments.join("/")}` };
  }
  const [group = "", version = "", ...place] = core ? ["", ...rest] : rest;
  const { namespace, resource, name, subresource } = placeOf(place);
  const named = name ?? nameSelected(method, query);
  const verb = verbOf(method, name, query);
  return { type: "resource", verb, group, version, resource, subresource, namespace, name: named };
}

type Place = Pick<ResourceAttributes, "namespace" | "resource" | "name" | "subresource">;

/** `namespaces/NS/PLURAL...`, where a namespace itself, its status and its finalizers are in it too. */
function placeOf(segments: readonly string[]): Place {
  const [first = "", second, third, fourth, ...more] = segments;
  if (first !== "namespaces" || second === undefined) {
    return { namespace: undefined, resource: first, name: second, subresource: tailOf(segments.slice(2)) };
  }
  if (third === undefined || third === "status" || third === "finalize") {
    return { namespace: second, resource: first, name: second, subresource: tailOf(segments.slice(2)) };
  }
  return { namespace: second, resource: third, name: fourth, subresource: tailOf(more) };
}

function tailOf(segments: readonly string[]): string | undefined {
  return segments.length === 0 ? undefined : segments.join("/");
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  switch (method) {
    case "GET":
    case "HEAD":
      if (method === "GET" && isTrue(query.get("watch"))) return "watch";
      return name === undefined ? "list" : "get";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === undefined ? "deletecollection" : "delete";
    default:
      return method.toLowerCase();
  }
}

/** A list, watch or deletion of one object by its name is allowed to who may do it with that object. */
function nameSelected(method: string, query: URLSearchParams): string | undefined {
  if (method === "POST" || query.getAll("fieldSelector").length !== 1) return undefined;
  return /^metadata\.name={1,2}([^,=!\\]+)$/.exec(query.get("fieldSelector") ?? "")?.[1];
}

function isTrue(value: string | null): boolean {
  return value === "" || value === "1" || value?.toLowerCase() === "true";
}

function segmentsOf(path: string): readonly string[] {
  const text = path.startsWith("/") ? path.slice(1) : path;
  const trimmed = text.endsWith("/") ? text.slice(0, -1) : text;
  if (!trimmed.includes("%")) return checked(trimmed.split("/"), trimmed);
  try {
    return checked(trimmed.split("/").map(decodeURIComponent), trimmed);
  } catch (cause) {
    if (cause instanceof StatusError) throw cause;
    throw new StatusError("BadRequest", "the request path is not correctly percent-encoded", { cause });
  }
}

/** What another reader could take for another path is taken for none. */
function checked(segments: readonly string[], path: string): readonly string[] {
  const ambiguous = (segment: string): boolean =>
    segment === "" || segment === "." || segment === ".." || segment.includes("/");
  if (path === "" || !(path.includes("#") || segments.some(ambiguous))) return segments;
  throw new StatusError("BadRequest", "the request path can be read in several ways");
}
