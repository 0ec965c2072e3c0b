/** What a request costs and whom it must not hold up: each class has seats of its own. */
export type FlowClass = "system" | "writes" | "reads" | "lists" | "watches";

/** A request as its cost is judged: by its method and its URL alone, before anything is read. */
export interface Flow {
  readonly flowClass: FlowClass;
  /** Of a list, what it is a list of. */
  readonly collection: string | undefined;
  /** How many objects it asks for at most. */
  readonly limit: number;
  /** Whether it asks for all there are. */
  readonly whole: boolean;
}

const leases = /^\/apis\/coordination\.k8s\.io\/[^/]+\/namespaces\/[^/]+\/leases(\/|$)/;
const group = /^\/(api|apis\/[^/]+)\/[^/]+\//;
const namespace = /^namespaces\/[^/]+\/(?!status(\/|$))(?=.)/;
const terminal = /\/(virtualmachines\/[^/]+\/console|pods\/[^/]+\/(attach|exec))\/?$/;
const watching = /(^|&)watch(=(1|true)?)?(&|$)/i;
const limited = /(?:^|&)limit=(\d{1,9})(?:&|$)/;
const partial = /(^|&)(limit|continue|labelSelector|fieldSelector)=/;

/**
 * Leases keep leaders what they are and `/metrics` shows what is wrong: they go on in any flood of other
 * requests. Lists cost what their collections hold; watches stay, and so do terminals.
 */
export function flowOf(method: string, url: string): Flow {
  const [path = "", query = ""] = url.split("?", 2);
  const flowClass = classOf(method, path, query);
  if (flowClass !== "lists") return { flowClass, collection: undefined, limit: 0, whole: false };
  const limit = Number(limited.exec(query)?.[1] ?? 0);
  return {
    flowClass,
    collection: path,
    limit: limit || Number.POSITIVE_INFINITY,
    whole: !partial.test(query),
  };
}

function classOf(method: string, path: string, query: string): FlowClass {
  const reading = method === "GET" || method === "HEAD";
  if (method === "GET" && watching.test(query)) return "watches";
  if (terminal.test(path)) return "watches";
  if (path === "/metrics") return "system";
  const many = isCollection(path);
  if (leases.test(path) && !(many && reading)) return "system";
  if (!reading) return "writes";
  return many ? "lists" : "reads";
}

/** `[namespaces/NS/]PLURAL` below a group and version. */
function isCollection(path: string): boolean {
  const below = group.exec(path)?.[0];
  if (below === undefined) return false;
  const place = path.slice(below.length).replace(namespace, "");
  return place !== "" && !place.replace(/\/$/, "").includes("/");
}
