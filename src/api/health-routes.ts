import type { FastifyInstance } from "fastify";
import type { Metrics } from "../runtime/metrics.ts";

/** Whether the server can do its work, and if not, why. */
export interface Readiness {
  readonly ready: boolean;
  /** One line each, for people; nothing secret: anybody may read them. */
  readonly reasons: readonly string[];
}

/** The paths that are answered without a token. */
export const openPaths: ReadonlySet<string> = new Set(["/healthz", "/livez", "/readyz"]);

/** `/healthz`, `/livez` and `/readyz` as text, and `/metrics` for Prometheus. */
export function healthRoutes(app: FastifyInstance, ready: () => Readiness, metrics: Metrics): void {
  for (const path of ["/healthz", "/livez"]) {
    app.get(path, (_request, reply) => reply.type("text/plain; charset=utf-8").send("ok"));
  }
  app.get("/readyz", (_request, reply) => {
    const { ready: isReady, reasons } = ready();
    const text = isReady ? "ok" : ["not ready", ...reasons].join("\n");
    return reply
      .code(isReady ? 200 : 503)
      .type("text/plain; charset=utf-8")
      .send(text);
  });
  app.get("/metrics", async (_request, reply) =>
    reply.type("text/plain; version=0.0.4; charset=utf-8").send(await metrics.render()),
  );
}
