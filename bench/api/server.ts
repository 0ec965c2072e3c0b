// The server process of bench/api.ts: the whole API over TLS, with audit and a durable store, and nothing that acts
// on machines; or, told `floor`, Fastify alone, which answers anything with as many bytes, and, where the name says
// so, makes them durable before: the least that any server does that keeps what it has accepted.
// Usage: server.ts DIRECTORY [floor]
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import { DatabaseSync } from "node:sqlite";
import fastify, { type FastifyInstance } from "fastify";
import { ensureAdminToken } from "../../src/api/auth/admin-token.ts";
import { bearerAuthenticator } from "../../src/api/auth/authenticator.ts";
import { ensureCertificates } from "../../src/api/auth/certificates.ts";
import { serverNames } from "../../src/api/auth/server-names.ts";
import { buildServer } from "../../src/api/server.ts";
import { AuditLog } from "../../src/audit/audit-log.ts";
import { systemClock as clock } from "../../src/runtime/clock.ts";
import { createLogger } from "../../src/runtime/logger.ts";
import { createMetrics } from "../../src/runtime/metrics.ts";
import { systemRandom as random } from "../../src/runtime/random.ts";
import { admit, admitStatus } from "../../src/schema/admission.ts";
import { NamespaceKind } from "../../src/schema/namespace.ts";
import { kinds } from "../../src/schema/scheme.ts";
import { ResourceStore } from "../../src/store/resource-store.ts";
import { openSqliteLog } from "../../src/store/sqlite-log.ts";

import { durable, machines } from "./requests.ts";

const [directory = ".", mode] = process.argv.slice(2);
const names = serverNames("127.0.0.1");
const certificates = await ensureCertificates({ directory, names, clock, random });
const { token, records } = await ensureAdminToken({ directory, kubeconfigPath: `${directory}/none`, random });

async function api(): Promise<FastifyInstance> {
  const log = await openSqliteLog({ directory, clock, random });
  const logger = createLogger("error");
  const audit = await AuditLog.open({ directory: `${directory}/audit`, clock, logger });
  const store = await ResourceStore.open({
    log,
    clock,
    random,
    admit,
    admitStatus,
    namespaceKind: NamespaceKind,
  });
  await store.create(NamespaceKind, { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
  return buildServer({
    store,
    kinds,
    clock,
    random,
    logger,
    audit,
    metrics: createMetrics(),
    authenticate: bearerAuthenticator(records),
    hostNames: names,
    ready: () => ({ ready: true, reasons: [] }),
    version: "0.0.0-bench",
    tls: certificates.server,
  });
}

function floor(): FastifyInstance {
  const app = fastify({
    logger: false,
    serverFactory: (handler) => createServer({ ...certificates.server, minVersion: "TLSv1.2" }, handler),
  });
  const answers = new Map<string, string>();
  app.get<{ Params: { bytes: string } }>("/answer/:bytes", (request, reply) => {
    const { bytes } = request.params;
    const text = answers.get(bytes) ?? "x".repeat(Number(bytes));
    answers.set(bytes, text);
    return reply.type("application/json").send(text);
  });
  const watchers = new Set<ServerResponse>();
  app.get<{ Querystring: { watch?: string } }>(machines, (request, reply) => {
    if (request.query.watch === undefined) return reply.send({ metadata: { resourceVersion: "1" } });
    reply.hijack();
    watchers.add(reply.raw.writeHead(200, { "content-type": "application/json" }));
    reply.raw.flushHeaders();
    reply.raw.once("close", () => watchers.delete(reply.raw));
    return reply;
  });
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  const keep = keeper();
  app.patch<{ Body: string; Params: { name: string } }>(`${machines}/:name`, (request, reply) => {
    const frame = Buffer.from(`${request.body}${" ".repeat(2500)}\n`);
    if (request.params.name === durable) keep(frame);
    for (const watcher of watchers) watcher.write(frame);
    return reply.type("application/json").send(request.body);
  });
  app.post("/echo", (request, reply) => reply.type("application/json").send(JSON.stringify(request.body)));
  return app;
}

/** Returns once it is on the disk, in the thread that asks: sooner than any other way, for one write at a time. */
function keeper(): (bytes: Buffer) => void {
  const database = new DatabaseSync(`${directory}/floor.db`);
  database.exec("pragma journal_mode = wal; pragma synchronous = full; create table log (bytes blob)");
  const insert = database.prepare("insert into log values (?)");
  return (bytes) => void insert.run(bytes);
}

const app = mode === "floor" ? floor() : await api();
await app.listen({ host: "127.0.0.1", port: 0 });
const address = app.server.address();
const port = typeof address === "object" ? address?.port : undefined;
process.send?.({ port, ca: certificates.ca, token });
process.once("SIGTERM", () => process.exit(0));
