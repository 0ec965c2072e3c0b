import type { Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from "node:https";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AuditTrail } from "../audit/audit-log.ts";
import type { Clock } from "../runtime/clock.ts";
import { messageOf, StatusError } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { nodeHttp } from "../runtime/node-http.ts";
import type { Random } from "../runtime/random.ts";
import type { PlacementDesk } from "../scheduler/placement-desk.ts";
import type { Kind } from "../schema/kind.ts";
import type { Store } from "../store/store.ts";
import { Access, type Caller } from "./auth/access.ts";
import type { Authenticator, User } from "./auth/authenticator.ts";
import type { CertificateIssuer } from "./auth/certificate-issuer.ts";
import { admitSlowly, failedLogins } from "./auth/failed-logins.ts";
import { hostHeaderCheck } from "./auth/host-header.ts";
import { compressAnswers } from "./compression.ts";
import { limitConnections } from "./connection-limits.ts";
import type { Consoles } from "./console/consoles.ts";
import { ProjectedStore } from "./facade/projected-store.ts";
import { projectionsWith } from "./facade/projections.ts";
import type { UsageDesk } from "./facade/usage-desk.ts";
import { flowOf } from "./flow/flow-class.ts";
import { type Admitted, defaultLimits, FlowControl, type FlowLimits } from "./flow/flow-control.ts";
import { countRefusal, refusals } from "./flow/refusals.ts";
import { healthRoutes, openPaths, type Readiness } from "./health-routes.ts";
import type { HostKeys } from "./host-keys.ts";
import { alpnProtocols, Http2 } from "./http2.ts";
import { discoveryRoutes } from "./kubernetes/discovery-routes.ts";
import { placementRoutes } from "./kubernetes/placement-routes.ts";
import { protobufMediaType } from "./kubernetes/protobuf/decode.ts";
import { notAllowed, nothingHere } from "./kubernetes/request-info.ts";
import { resourceRoutes } from "./kubernetes/resource-routes.ts";
import { type StatusSubject, statusOf, toStatusError } from "./kubernetes/status.ts";
import { viewKinds } from "./kubernetes/view-store.ts";
import { noSchemas } from "./no-schemas.ts";
import { Repeats } from "./repeats.ts";
import { RequestAudit } from "./request-audit.ts";
import { RequestMetrics } from "./request-metrics.ts";
import { refuseUnreadable } from "./unreadable.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Undefined on the open paths, and until the token has been looked at. */
    user: User | undefined;
    /** Set once the request is allowed. */
    caller: Caller | undefined;
    /** What the request is about, once its path is understood; errors tell it. */
    subject: StatusSubject | undefined;
    /** Undefined until it has been let in. */
    admitted: Admitted | undefined;
  }
}

export interface ServerOptions {
  readonly store: Store;
  readonly kinds: readonly Kind[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Absent: hosts have no `hostkey` to look at or to confirm. */
  readonly hostKeys?: HostKeys | undefined;
  /** Whether machines are shown as pods and hosts as nodes, too. */
  readonly podFacade?: boolean;
  /** Absent: nobody measures what is used. */
  readonly usage?: UsageDesk | undefined;
  /** Absent: machines have no consoles. */
  readonly consoles?: Consoles | undefined;
  /** Absent: nothing is said about placement. */
  readonly placement?: PlacementDesk | undefined;
  readonly authenticate: Authenticator;
  /** Absent: one of its own. It starts with the server, and ends with it. */
  readonly access?: Access | undefined;
  /** What the Host header may say: the names and addresses by which this server is reached. */
  readonly hostNames: readonly string[];
  readonly ready: () => Readiness;
  /** Ostler's own version, shown at `/version`. */
  readonly version: string;
  /** PEM. Absent: plain HTTP, for tests. */
  readonly tls?: ServerTls | undefined;
  /** Absent: nothing is written down but in the log. */
  readonly audit?: AuditTrail | undefined;
  /** Absent: no certificates are signed for users. */
  readonly issuer?: CertificateIssuer | undefined;
  /** How much may go on at once. */
  readonly limits?: FlowLimits;
}

/** Texts in PEM. */
export interface ServerTls {
  readonly key: string;
  readonly cert: string;
  /** The authorities whose certificates say who a client is; absent: tokens alone do. */
  readonly clientCa?: readonly string[] | undefined;
}

/** Times in milliseconds. A watch is not limited by them: they end with the request's last byte. */
const http = {
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  handshakeTimeout: 15_000,
  connectionsCheckingInterval: 3000,
  keepAliveTimeout: 75_000,
  maxHeaderSize: 16 * 1024,
} as const;

/** Those that some path has. */
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

const http2Limits = {
  requestTimeoutMs: http.requestTimeout,
  idleTimeoutMs: http.keepAliveTimeout,
  maxHeaderSize: http.maxHeaderSize,
} as const;

/**
 * The API over the store, ready to `listen` or `inject`; `close` ends watches in good order. Every answer
 * that is an error is a Kubernetes Status. Nothing but the health paths is answered without a known token.
 */
export function buildServer(options: ServerOptions): FastifyInstance {
  const { tls, clock } = options;
  let http2: Http2 | undefined;
  const app = fastify({
    logger: false,
    schemaController: noSchemas,
    bodyLimit: 256 * 1024,
    forceCloseConnections: true,
    return503OnClosing: true,
    exposeHeadRoutes: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    genReqId: () => options.random.uuid(),
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, request, reply) => sendError(options, error, request, reply),
    serverFactory: (handler): Server => {
      if (tls === undefined) return limited(nodeHttp.createServer(http, handler));
      const server = createTlsServer({ ...http, ...tlsSettings(tls) }, handler);
      http2 = new Http2(server, handler, { clock, ...http2Limits });
      return limited(server);
    },
  });
  acceptBodies(app);
  const access = options.access ?? new Access(options);
  app.addHook("onReady", () => access.start());
  app.addHook("preClose", async () => access.stop());
  const records = options.audit && new RequestAudit(options.audit, options.clock);
  guard(app, options, { access, records });
  app.setErrorHandler((error, request, reply) => sendError(options, error, request, reply));
  app.setNotFoundHandler(({ method }) => {
    throw methods.has(method) ? nothingHere() : notAllowed();
  });
  compressAnswers(app);
  healthRoutes(app, options.ready, options.metrics);
  const { store, kinds } = facadeOf(options);
  discoveryRoutes(app, [...kinds, ...viewKinds], options.version);
  const { placement } = options;
  if (placement !== undefined) placementRoutes(app, { store, placement });
  resourceRoutes(app, { ...options, store, kinds, access, records });
  app.addHook("preClose", async () => http2?.close());
  return app;
}

/** What is served: as it is stored, and, if asked for, as pods and nodes too. */
function facadeOf(options: ServerOptions): Pick<ServerOptions, "store" | "kinds"> {
  const { store, kinds, usage, podFacade = false } = options;
  if (!podFacade) return { store, kinds };
  const projections = projectionsWith(usage);
  const projected = projections.map(({ kind }) => kind);
  return { store: new ProjectedStore(store, projections), kinds: [...kinds, ...projected] };
}

function limited(server: Server): Server {
  limitConnections(server);
  return server;
}

/** Handlers decide what a content type means; nothing is parsed before they are reached. */
function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(protobufMediaType, { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
}

/** Who shows no certificate is asked for a token, and who shows a wrong one is answered in HTTP. */
function tlsSettings({ key, cert, clientCa }: ServerTls): TlsOptions {
  const asking = clientCa && { ca: [...clientCa], requestCert: true, rejectUnauthorized: false };
  return { key, cert, minVersion: "TLSv1.2", ALPNProtocols: alpnProtocols, ...asking };
}

interface Gate {
  readonly access: Access;
  readonly records: RequestAudit | undefined;
}

/** What comes before every handler: who is asked, who asks, whether there is room. */
function guard(app: FastifyInstance, options: ServerOptions, { access, records }: Gate): void {
  const { clock, metrics } = options;
  const control = new FlowControl(options.limits ?? defaultLimits, clock, metrics);
  const requestMetrics = new RequestMetrics(metrics);
  const [logins, refused] = [new Repeats(failedLogins), new Repeats(refusals)];
  const isOurHost = hostHeaderCheck(options.hostNames);
  app.decorateRequest("user", undefined);
  app.decorateRequest("caller", undefined);
  for (const name of ["asked", "audited", "failure"]) app.decorateRequest(name, undefined);
  app.decorateRequest("unaudited", false);
  app.decorateRequest("subject", undefined);
  app.decorateRequest("admitted", undefined);
  // With a callback: most need not wait for anything, and a promise for each would be one too many.
  app.addHook("onRequest", (request, reply, done) => {
    const startedAtMs = clock.monotonic();
    const flow = flowOf(request.method, request.url);
    onceOver(reply, () => {
      const elapsedMs = clock.monotonic() - startedAtMs;
      const watch = flow.flowClass === "watches";
      requestMetrics.record({ method: request.method, code: reply.statusCode, watch, elapsedMs });
      if (reply.statusCode === 429) countRefusal(refused, request, clock.monotonic());
      audit(options.logger, request, reply);
      records?.done(request, reply);
      request.admitted?.leave();
    });
    mark(request, reply);
    if (openPaths.has(pathOf(request))) {
      done();
      return;
    }
    if (!isOurHost(request.headers.host ?? authorityOf(request))) {
      throw new StatusError(
        "Forbidden",
        "the Host header does not name this server; use a name it is known by",
      );
    }
    request.caller = admitSlowly({ access, logins }, request, clock.monotonic());
    if (flow.flowClass === "watches") access.keepWatch(request, reply);
    const { user, impersonator } = request.caller;
    request.admitted = control.enter((impersonator ?? user).name, flow);
    const { turn } = request.admitted;
    if (turn === undefined) done();
    else turn.then(() => done(), done);
  });
}

/** What HTTP/2 has for the Host header. */
function authorityOf({ headers }: FastifyRequest): string | undefined {
  const authority = headers[":authority"];
  return typeof authority === "string" ? authority : undefined;
}

/** When the answer has been sent or the client has gone. Fastify's own hook hears of the former only. */
function onceOver(reply: FastifyReply, callback: () => void): void {
  reply.raw.once("close", callback);
}

/** What every answer carries. */
function mark(request: FastifyRequest, reply: FastifyReply): void {
  reply.header("audit-id", request.id).header("cache-control", "no-cache, private");
}

function audit(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const denied = reply.statusCode === 401 || reply.statusCode === 403;
  if (request.unaudited) return;
  if (!denied && (request.method === "GET" || request.method === "HEAD")) return;
  const fields = {
    auditId: request.id,
    method: request.method,
    path: pathOf(request),
    code: reply.statusCode,
    user: request.user?.name,
  };
  if (denied) logger.warn("request denied", fields);
  else logger.info("request", fields);
}

function sendError(
  { logger }: ServerOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const failure = toStatusError(error);
  // The message of a wrong object may repeat what is in it.
  request.failure = failure.code === 401 || failure.code === 403 ? failure.message : failure.reason;
  mark(request, reply);
  if (failure.code >= 500 && failure.reason !== "Timeout") {
    logger.error("request failed", { auditId: request.id, path: pathOf(request), error: messageOf(error) });
  }
  if (failure.retryAfterSeconds !== undefined) reply.header("retry-after", failure.retryAfterSeconds);
  if (failure.code === 401) reply.header("www-authenticate", "Bearer");
  return reply
    .code(failure.code)
    .type("application/json")
    .send(JSON.stringify(statusOf(failure, request.subject)));
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? "";
}
