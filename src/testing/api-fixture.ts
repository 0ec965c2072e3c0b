import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { ensureAdminToken } from "../api/auth/admin-token.ts";
import { bearerAuthenticator } from "../api/auth/authenticator.ts";
import { openCertificateIssuer } from "../api/auth/certificate-issuer.ts";
import { ensureCertificates } from "../api/auth/certificates.ts";
import { writeKubeconfig } from "../api/auth/kubeconfig.ts";
import { serverNames } from "../api/auth/server-names.ts";
import { buildServer, type ServerOptions } from "../api/server.ts";
import { type Clock, systemClock } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/logger.ts";
import { createMetrics } from "../runtime/metrics.ts";
import { systemRandom } from "../runtime/random.ts";
import { admit } from "../schema/admission.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { quotaRules } from "../schema/quota-rules.ts";
import { kinds } from "../schema/scheme.ts";
import type { Log } from "../store/log.ts";
import { openMemoryLog } from "../store/memory-log.ts";
import { QuotaLedger } from "../store/quota-ledger.ts";
import { ResourceStore } from "../store/resource-store.ts";

/** An API server over a store in memory that has the namespace `default`. */
export interface ApiFixture extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly store: ResourceStore;
  /** What the store keeps its objects in. */
  readonly log: Log;
  /** Headers of the administrator. */
  readonly headers: { readonly authorization: string };
  /** What the directory holds: `kubeconfig`, once `startApi` has been asked to listen. */
  readonly directory: string;
  readonly kubeconfig: string;
  /** Asks as the administrator, without a network. An object as `body` is sent as JSON. */
  call(method: Method, url: string, options?: CallOptions): Promise<ApiAnswer>;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly code: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The body as JSON; undefined if it is something else. */
  readonly json: unknown;
}

/** Where machines are, and one that is valid. */
export const machinesPath = "/apis/ostler.dev/v1/namespaces/default/virtualmachines";
export const smallMachine = {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: { name: "web", namespace: "default", labels: { app: "web" } },
  spec: { cpus: 1, memory: "64Mi" },
} as const;

export interface ApiFixtureOptions extends Partial<ServerOptions> {
  readonly clock?: Clock;
  /** With TLS on a free port of 127.0.0.1; without it, only `inject` works. */
  readonly listen?: boolean;
  /** The port to listen on, if it must be a certain one. */
  readonly port?: number;
  /** What a server before this one had, and one after it may have: left as they are in the end. */
  readonly kept?: { readonly directory: string; readonly log: Log };
}

/** Starts it. Disposing closes the server and removes the directory. */
export async function startApi(options: ApiFixtureOptions = {}): Promise<ApiFixture> {
  const { clock = systemClock, listen = false, port = 0, kept, ...rest } = options;
  const directory = kept?.directory ?? (await mkdtemp(join(tmpdir(), "ostler-api-")));
  const kubeconfig = join(directory, "kubeconfig");
  const log = kept?.log ?? openMemoryLog(clock);
  const store = await ResourceStore.open({
    log,
    clock,
    random: systemRandom,
    admit,
    namespaceKind: NamespaceKind,
    ledger: new QuotaLedger(quotaRules),
  });
  if ((await store.get(NamespaceKind, { name: "default" })) === undefined) {
    await store.create(NamespaceKind, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "default" },
    });
  }
  const { token, records } = await ensureAdminToken({
    directory,
    kubeconfigPath: kubeconfig,
    random: systemRandom,
  });
  const names = serverNames("127.0.0.1");
  const certificates = listen
    ? await ensureCertificates({ directory, names, clock: systemClock, random: systemRandom })
    : undefined;
  const issuer = listen
    ? await openCertificateIssuer({ directory, clock: systemClock, random: systemRandom })
    : undefined;
  const app = buildServer({
    store,
    kinds,
    clock,
    random: systemRandom,
    logger: silentLogger,
    metrics: createMetrics(),
    authenticate: bearerAuthenticator(records),
    hostNames: names,
    ready: () => ({ ready: true, reasons: [] }),
    version: "0.0.0-test",
    tls: certificates && { ...certificates.server, ...(issuer && { clientCa: [issuer.ca] }) },
    issuer,
    ...rest,
  });
  if (certificates !== undefined) {
    await app.listen({ host: "127.0.0.1", port });
    const server = `https://127.0.0.1:${portOf(app)}`;
    await writeKubeconfig(kubeconfig, { server, ca: certificates.ca, token });
  }
  return {
    app,
    store,
    log,
    directory,
    kubeconfig,
    headers: { authorization: `Bearer ${token}` },
    call: (method, url, options) =>
      call(app, { authorization: `Bearer ${token}` }, { method, url, ...options }),
    async [Symbol.asyncDispose]() {
      await app.close();
      store[Symbol.dispose]();
      if (kept !== undefined) return;
      await log[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

/** Where a server listens. */
export function portOf({ server }: FastifyInstance): number {
  const address = server.address();
  if (typeof address === "object" && address !== null) return address.port;
  throw new Error("the server does not listen");
}

async function call(
  app: FastifyInstance,
  identity: Readonly<Record<string, string>>,
  { method, url, body, headers = {} }: CallOptions & { readonly method: Method; readonly url: string },
): Promise<ApiAnswer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await app.inject({
    method,
    url,
    headers: {
      ...identity,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(text !== undefined && { payload: text }),
  });
  return {
    code: answer.statusCode,
    text: answer.payload,
    headers: answer.headers,
    json: parseOr(answer.payload),
  };
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
