import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { ensureAdminToken } from "../api/auth/admin-token.ts";
import { bearerAuthenticator } from "../api/auth/authenticator.ts";
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
import { kinds } from "../schema/scheme.ts";
import { openMemoryLog } from "../store/memory-log.ts";
import { ResourceStore } from "../store/resource-store.ts";

/** An API server over a store in memory that has the namespace `default`. */
export interface ApiFixture extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly store: ResourceStore;
  /** Headers of the administrator. */
  readonly headers: { readonly authorization: string };
  /** What the directory holds: `kubeconfig`, once `startApi` has been asked to listen. */
  readonly directory: string;
  readonly kubeconfig: string;
}

export interface ApiFixtureOptions extends Partial<ServerOptions> {
  readonly clock?: Clock;
  /** With TLS on a free port of 127.0.0.1; without it, only `inject` works. */
  readonly listen?: boolean;
}

/** Starts it. Disposing closes the server and removes the directory. */
export async function startApi(options: ApiFixtureOptions = {}): Promise<ApiFixture> {
  const { clock = systemClock, listen = false, ...rest } = options;
  const directory = await mkdtemp(join(tmpdir(), "ostler-api-"));
  const kubeconfig = join(directory, "kubeconfig");
  const log = openMemoryLog(clock);
  const store = await ResourceStore.open({
    log,
    clock,
    random: systemRandom,
    admit,
    namespaceKind: NamespaceKind,
  });
  await store.create(NamespaceKind, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "default" },
  });
  const { token, records } = await ensureAdminToken({
    directory,
    kubeconfigPath: kubeconfig,
    random: systemRandom,
  });
  const names = serverNames("127.0.0.1");
  const certificates = listen
    ? await ensureCertificates({ directory, names, clock: systemClock, random: systemRandom })
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
    tls: certificates?.server,
    ...rest,
  });
  if (certificates !== undefined) {
    await app.listen({ host: "127.0.0.1", port: 0 });
    const address = app.server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const server = `https://127.0.0.1:${port}`;
    await writeKubeconfig(kubeconfig, { server, ca: certificates.ca, token });
  }
  return {
    app,
    store,
    directory,
    kubeconfig,
    headers: { authorization: `Bearer ${token}` },
    async [Symbol.asyncDispose]() {
      await app.close();
      store[Symbol.dispose]();
      await log[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}
