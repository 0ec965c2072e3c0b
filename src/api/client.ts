import { Agent, type Dispatcher, errors, request } from "undici";
import { messageOf, StatusError } from "../runtime/errors.ts";
import type { PlacementPlan, PlacementReport } from "../scheduler/placement-desk.ts";
import type { Kind } from "../schema/kind.ts";
import type { ObjectKey, Resource } from "../schema/meta.ts";
import type { PlanRequest } from "../schema/plan-request.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { toError } from "./client-error.ts";
import { collectionPath, objectPath, type Query, selectorQuery, urlOf, writeQuery } from "./client-paths.ts";
import { readWarnings } from "./client-warnings.ts";
import type { ClientConsole } from "./console/client-console.ts";
import { linesOf } from "./lines-of.ts";

/** Where the server is and how it knows us: what a kubeconfig's current context says. */
export interface ClientConfig {
  /** Such as `https://127.0.0.1:6440`. */
  readonly server: string;
  /** PEM of the authority to trust instead of the system's. */
  readonly ca?: string | undefined;
  readonly token?: string | undefined;
  /** PEM of a client certificate and its key. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
  /** What the server's certificate must name, where that is not the server's address. */
  readonly serverName?: string | undefined;
  /** Is told what the server warns of. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** Which objects of a kind. */
export interface Selection {
  /** All namespaces when absent. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ClientList<T> {
  readonly items: readonly T[];
  readonly metadata: { readonly resourceVersion: string };
}

/** A list as the server prints it. A watch's frames have column definitions in the first one only. */
export interface Table {
  readonly metadata: { readonly resourceVersion: string };
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[] | null;
  readonly rows: readonly {
    readonly cells: readonly (string | number | boolean)[];
    readonly object?: { readonly metadata: Resource["metadata"] };
  }[];
}

export type ClientWatchEvent<T> = {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: T;
};

export interface WriteQuery {
  readonly dryRun?: boolean | undefined;
}

export interface DeleteQuery extends WriteQuery {
  /** What becomes of what the object owns. */
  readonly propagation?: "Background" | "Foreground" | "Orphan" | undefined;
  readonly gracePeriodSeconds?: number | undefined;
}

export interface WatchQuery extends Selection {
  /** Only what happens after this revision; absent: everything there is first. */
  readonly since?: string | undefined;
  readonly signal: AbortSignal;
}

const headersTimeoutMs = 60_000;
const connectTimeoutMs = 10_000;
const tableAccept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

/** Speaks to one server. Every failure is a StatusError with the server's reason, message and causes. */
export class Client implements AsyncDisposable {
  readonly #config: ClientConfig;
  readonly #agent: Agent;

  constructor(config: ClientConfig) {
    this.#config = config;
    this.#agent = new Agent({
      headersTimeout: headersTimeoutMs,
      bodyTimeout: 0,
      connect: { ...tlsOf(config), timeout: connectTimeoutMs },
    });
  }

  get<T extends Resource>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.#json("GET", objectPath(kind, key));
  }

  list<T extends Resource>(kind: Kind<T>, selection: Selection = {}): Promise<ClientList<T>> {
    return this.#json("GET", collectionPath(kind, selection.namespace), { query: selectorQuery(selection) });
  }

  /** As `list`, with the columns that people see. */
  table(kind: Kind, selection: Selection = {}): Promise<Table> {
    const query = selectorQuery(selection);
    return this.#json("GET", collectionPath(kind, selection.namespace), { query, accept: tableAccept });
  }

  create<T extends Resource>(kind: Kind<T>, resource: T, options: WriteQuery = {}): Promise<T> {
    const path = collectionPath(kind, resource.metadata.namespace);
    return this.#json("POST", path, { body: resource, query: writeQuery(options) });
  }

  update<T extends Resource>(kind: Kind<T>, resource: T, options: WriteQuery = {}): Promise<T> {
    const path = objectPath(kind, resource.metadata);
    return this.#json("PUT", path, { body: resource, query: writeQuery(options) });
  }

  /** A JSON merge patch: null removes a field. */
  patch<T extends Resource>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: unknown,
    options: WriteQuery = {},
  ): Promise<T> {
    return this.#json("PATCH", objectPath(kind, key), {
      body: patch,
      contentType: "application/merge-patch+json",
      query: writeQuery(options),
    });
  }

  /** Reads, writes or removes a subresource, such as a machine's `start`. */
  part<T>(method: "GET" | "PUT" | "DELETE", { kind, key, part }: ObjectPart, body?: unknown): Promise<T> {
    return this.#json(method, `${objectPath(kind, key)}/${part}`, { body });
  }

  /** Resolves when the server has taken the request; the object may stay while finalizers hold it. */
  async delete(kind: Kind, key: ObjectKey, options: DeleteQuery = {}): Promise<void> {
    const { propagation: propagationPolicy, gracePeriodSeconds: seconds } = options;
    const gracePeriodSeconds = seconds === undefined ? undefined : String(seconds);
    const query = { ...writeQuery(options), propagationPolicy, gracePeriodSeconds };
    await this.#json("DELETE", objectPath(kind, key), { query });
  }

  /** What happens to the selected objects, until the signal aborts or the server ends the watch. */
  watch<T extends Resource>(kind: Kind<T>, options: WatchQuery): AsyncIterable<ClientWatchEvent<T>> {
    return this.#watch<T>(kind, options, "application/json");
  }

  /** As `watch`, each object as a table of one row. */
  watchTable(kind: Kind, options: WatchQuery): AsyncIterable<ClientWatchEvent<Table>> {
    return this.#watch<Table>(kind, options, tableAccept);
  }

  /** Opens a machine's serial console; by force from whoever has it. */
  async console({ namespace = "default", name }: ObjectKey, { force = false } = {}): Promise<ClientConsole> {
    const { openConsole } = await import("./console/client-console.ts");
    const { server, token } = this.#config;
    const path = `${objectPath(VirtualMachineKind, { namespace, name })}/console`;
    const url = urlOf(server, path, { force: force ? "true" : undefined });
    return openConsole({ url, token, tls: tlsOf(this.#config) }).catch((error: unknown) => {
      throw error instanceof StatusError ? error : this.#unreachable(error);
    });
  }

  /** Where the machine is and why, and where it could be. */
  explain({ namespace = "default", name }: ObjectKey): Promise<PlacementReport> {
    return this.#json("GET", `${objectPath(VirtualMachineKind, { namespace, name })}/explain`);
  }

  /** What would happen; nothing does. */
  plan(request: PlanRequest): Promise<PlacementPlan> {
    return this.#json("POST", "/apis/ostler.dev/v1/plan", { body: request });
  }

  /** What `/version` says. */
  version(): Promise<Readonly<Record<string, string>>> {
    return this.#json("GET", "/version");
  }

  /** What `/readyz` says: `ok`, or why not. */
  async readiness(): Promise<string> {
    const response = await this.#send("GET", "/readyz", { alsoStatus: 503 });
    return response.body.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  async *#watch<T>(kind: Kind, options: WatchQuery, accept: string): AsyncGenerator<ClientWatchEvent<T>> {
    const { since, signal } = options;
    const query = { ...selectorQuery(options), watch: "true", resourceVersion: since };
    const path = collectionPath(kind, options.namespace);
    try {
      const response = await this.#send("GET", path, { query, accept, signal });
      for await (const line of linesOf(response.body)) {
        const event: ClientWatchEvent<T> | { readonly type: "ERROR"; readonly object: unknown } =
          JSON.parse(line);
        if (event.type === "ERROR") throw toError(0, event.object);
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof StatusError ? error : this.#unreachable(error);
    }
  }

  async #json<T>(method: Dispatcher.HttpMethod, path: string, options: CallOptions = {}): Promise<T> {
    const response = await this.#send(method, path, options);
    const value: T = JSON.parse(await response.body.text());
    return value;
  }

  async #send(
    method: Dispatcher.HttpMethod,
    path: string,
    options: CallOptions,
  ): Promise<Dispatcher.ResponseData> {
    const { body, query, accept = "application/json", contentType = "application/json", signal } = options;
    const { token } = this.#config;
    const response = await request(urlOf(this.#config.server, path, query), {
      dispatcher: this.#agent,
      method,
      headers: {
        accept,
        "user-agent": "ostler",
        ...(body !== undefined && { "content-type": contentType }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      ...(signal !== undefined && { signal }),
    }).catch((error: unknown) => {
      throw this.#unreachable(error);
    });
    const { onWarning } = this.#config;
    if (onWarning !== undefined) for (const warning of readWarnings(response.headers)) onWarning(warning);
    if (response.statusCode < 300 || response.statusCode === options.alsoStatus) return response;
    throw toError(response.statusCode, parseOr(await response.body.text()));
  }

  #unreachable(cause: unknown): StatusError {
    const why = cause instanceof errors.ConnectTimeoutError ? "no answer" : messageOf(cause);
    const message = `cannot reach the server at ${this.#config.server}: ${why}; is it running?`;
    return new StatusError("ServiceUnavailable", message, { cause });
  }
}

interface ObjectPart {
  readonly kind: Kind;
  readonly key: ObjectKey;
  /** Such as `start`. */
  readonly part: string;
}

interface CallOptions {
  readonly body?: unknown;
  readonly query?: Query;
  readonly accept?: string;
  readonly contentType?: string;
  /** An answer with this status is no error. */
  readonly alsoStatus?: number;
  readonly signal?: AbortSignal;
}

function tlsOf({ ca, certificate, serverName }: ClientConfig) {
  return {
    ...(ca !== undefined && { ca }),
    ...certificate,
    ...(serverName !== undefined && { servername: serverName }),
  };
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
