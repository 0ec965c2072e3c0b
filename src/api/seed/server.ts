import type { Server } from "node:http";
import { isIP } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { AuditTrail } from "../../audit/audit-log.ts";
import { hasReason, messageOf, StatusError } from "../../runtime/errors.ts";
import type { Counter, Metrics } from "../../runtime/metrics.ts";
import { nodeHttp } from "../../runtime/node-http.ts";
import type { Random } from "../../runtime/random.ts";
import type { Access } from "../auth/access.ts";
import { failedLogins } from "../auth/failed-logins.ts";
import { hostHeaderCheck } from "../auth/host-header.ts";
import { FairSeats } from "../flow/fair-seats.ts";
import { noSchemas } from "../no-schemas.ts";
import { Repeats } from "../repeats.ts";
import { failureOf, type SeedCall } from "./answers.ts";
import { CallRecord } from "./call-record.ts";
import { answerCall, isChange } from "./calls.ts";
import type { SeedContext } from "./context.ts";
import { judgeBy } from "./judge.ts";
import { type Parameters, readParameters } from "./parameters.ts";
import { recordedStore } from "./recorded-store.ts";
import { routeOf } from "./route.ts";
import { isFromAnotherSite } from "./same-site.ts";

export interface SeedServerOptions extends Omit<SeedContext, "judge"> {
  readonly metrics: Metrics;
  readonly random: Random;
  /** What roles allow. */
  readonly decide: Access["decide"];
  readonly audit: AuditTrail;
  /** The names by which the server is reached; its addresses are good anyway. */
  readonly hostNames: readonly string[];
}

/** Calls may take minutes, so that none waits for another; and nobody is asked who they are. */
const limits = { seats: 1024, seatsEach: 1024, queued: 0, waitMs: 0 } as const;
const maxConnections = 2048;
const bodyBytes = 64 * 1024;

/** Times in milliseconds. An answer may take longer: they end with the request's last byte. */
const http = {
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  connectionsCheckingInterval: 3000,
  keepAliveTimeout: 15_000,
  maxHeaderSize: 16 * 1024,
} as const;

/**
 * The flat API, ready to `listen` or `inject`. Whoever reaches it may do what roles allow `seedUser`. Every
 * answer is JSON with status 200; what cannot be done, and what is no call at all, is answered with the
 * failure value of the call, and the reason stands in the header `ostler-reason`.
 */
export function buildSeedServer(options: SeedServerOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    schemaController: noSchemas,
    bodyLimit: bodyBytes,
    forceCloseConnections: true,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    genReqId: () => options.random.uuid(),
    frameworkErrors: (error, _request, reply) => void send(reply, 0, messageOf(error)),
    serverFactory: (handler): Server => {
      const server = nodeHttp.createServer(http, handler);
      server.maxConnections = maxConnections;
      return server;
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  const desk = new Desk(options);
  app.addHook("preClose", async () => desk.close());
  app.setErrorHandler((error, request, reply) => desk.fail(request, reply, error));
  app.setNotFoundHandler((_request, reply) => send(reply, 0, "there is no such call"));
  app.route({ method: ["GET", "POST"], url: "*", handler: (request, reply) => desk.serve(request, reply) });
  return app;
}

/** Takes requests and answers them. */
class Desk {
  readonly #options: SeedServerOptions;
  readonly #judge: SeedContext["judge"];
  /** Who is denied over and over does not fill the audit log. */
  readonly #denials = new Repeats(failedLogins);
  /** One for each call that is being answered. */
  readonly #active = new Set<AbortController>();
  readonly #isOurName: (header: string | undefined) => boolean;
  readonly #counters = new Map<string, Counter>();
  readonly #seats: FairSeats;

  constructor(options: SeedServerOptions) {
    this.#options = options;
    this.#judge = judgeBy(options.decide);
    this.#seats = new FairSeats("requests", limits, options.clock);
    this.#isOurName = hostHeaderCheck(options.hostNames);
    options.metrics.watchedGauge(
      { name: "ostler_seed_waiting_requests", help: "Requests for machines that wait for their turn." },
      {},
      () => options.line.waiting,
    );
  }

  async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { call, parameters } = understand(request);
    if (call === undefined) return this.#refuse(reply, undefined, parameters, "there is no such call");
    const record = this.#recordOf(request, call);
    const stranger = this.#strangerProblem(request);
    if (stranger !== undefined) {
      this.#tellDenial(request, record, new StatusError("Forbidden", stranger));
      return this.#refuse(reply, call, parameters, stranger);
    }
    const ended = new AbortController();
    reply.raw.once("close", () => ended.abort(new StatusError("Timeout", "the client has gone")));
    this.#active.add(ended);
    const startedAtMs = this.#options.clock.monotonic();
    let free = (): void => {};
    try {
      free = this.#seats.take("everybody").leave;
      const context = {
        ...this.#options,
        store: recordedStore(this.#options.store, record),
        judge: this.#judge,
      };
      const answer = await answerCall(context, call, { parameters, signal: ended.signal });
      record.done();
      this.#note(call, "done");
      if (isChange(call)) this.#log(call, parameters, startedAtMs, { answer: JSON.stringify(answer) });
      return send(reply, answer);
    } catch (error) {
      if (!record.done(error)) this.#tellDenial(request, record, error);
      if (isChange(call) || !(error instanceof StatusError)) {
        this.#log(call, parameters, startedAtMs, { error: messageOf(error) });
      }
      return this.#refuse(reply, call, parameters, messageOf(error));
    } finally {
      free();
      this.#active.delete(ended);
    }
  }

  /** Ends what goes on: nobody will hear of it. */
  close(): void {
    for (const ended of this.#active) ended.abort(new StatusError("ServiceUnavailable", "the server ends"));
  }

  /** What went wrong before the request could be served, such as a body that is too large. */
  fail(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
    const { call, parameters } = understand(request);
    return this.#refuse(reply, call, parameters, messageOf(error));
  }

  #refuse(
    reply: FastifyReply,
    call: SeedCall | undefined,
    parameters: Parameters,
    reason: string,
  ): FastifyReply {
    this.#note(call, "failed");
    const id = (parameters.get("volumeid") ?? "").slice(0, 64);
    return send(reply, failureOf(call, this.#options.settings.errorShape, id), reason);
  }

  /** Why whoever asks is not to be served: pages in a browser ask without their reader knowing. */
  #strangerProblem({ headers }: FastifyRequest): string | undefined {
    const { host = "" } = headers;
    const isAddress = isIP(host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1")) !== 0;
    if (!isAddress && !this.#isOurName(host)) return "the Host header does not name this server";
    return isFromAnotherSite(headers) ? "a page of another site asks" : undefined;
  }

  #recordOf({ id, ip, headers, method }: FastifyRequest, call: SeedCall): CallRecord {
    const facts = { auditId: id, address: ip, agent: headers["user-agent"], method, call };
    return new CallRecord(this.#options.audit, this.#options.clock, facts);
  }

  #tellDenial({ ip }: FastifyRequest, record: CallRecord, error: unknown): void {
    if (!hasReason(error, "Forbidden")) return;
    const { isTooMany, suppressed } = this.#denials.note(ip, this.#options.clock.monotonic());
    if (!isTooMany) record.denied(error, suppressed);
  }

  #note(call: SeedCall | undefined, outcome: "done" | "failed"): void {
    const labels = { call: call ?? "none", outcome };
    const key = `${labels.call} ${outcome}`;
    const info = { name: "ostler_seed_requests_total", help: "Calls of the flat API, by what came of them." };
    const counter = this.#counters.get(key) ?? this.#options.metrics.counter(info, labels);
    this.#counters.set(key, counter);
    counter.add();
  }

  #log(
    call: SeedCall,
    parameters: Parameters,
    startedAtMs: number,
    outcome: { readonly answer?: string; readonly error?: string },
  ): void {
    const { logger, clock } = this.#options;
    const elapsedMs = Math.round(clock.monotonic() - startedAtMs);
    const asked = new URLSearchParams([...parameters]).toString().slice(0, 500);
    const fields = { call, asked, elapsedMs, ...outcome };
    if (outcome.error === undefined) logger.info("flat call", fields);
    else logger.warn("flat call failed", fields);
  }
}

function understand({ url, body }: FastifyRequest): {
  readonly call: SeedCall | undefined;
  readonly parameters: Parameters;
} {
  const at = url.indexOf("?");
  const [path, query] = at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
  const parameters = readParameters(query, typeof body === "string" ? body : "");
  const route = routeOf(path);
  if (route?.pathId === undefined) return { call: route?.call, parameters };
  return { call: route.call, parameters: new Map([...parameters, ["pmid", route.pathId]]) };
}

function send(reply: FastifyReply, answer: unknown, reason?: string): FastifyReply {
  if (reason !== undefined) reply.header("ostler-reason", headerText(reason));
  return reply
    .code(200)
    .header("cache-control", "no-store")
    .header("x-content-type-options", "nosniff")
    .type("application/json")
    .send(JSON.stringify(answer));
}

/** What a header may hold: one line of ASCII. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 500);
}
