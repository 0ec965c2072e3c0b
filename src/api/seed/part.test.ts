import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { systemRandom } from "../../runtime/random.ts";
import { startApi } from "../../testing/api-fixture.ts";
import { seedPart } from "./part.ts";

async function setUp(host: string) {
  const lines: string[] = [];
  let port = 0;
  const note =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      lines.push(`${level} ${message}`);
      if (typeof fields.port === "number") port = fields.port;
    };
  const logger: Logger = {
    debug: note("debug"),
    info: note("info"),
    warn: note("warn"),
    error: note("error"),
    with: () => logger,
  };
  const api = await startApi();
  const settings = { errorShape: "zero", timeoutMs: 1000, namespace: "default" } as const;
  const shared = {
    store: api.store,
    clock: systemClock,
    logger,
    metrics: silentMetrics,
    random: systemRandom,
    decide: () => ({ allowed: true, reason: "" }),
    audit: { append: () => {}, appendDurably: async () => {} },
  };
  const part = seedPart({
    ...shared,
    host,
    port: 0,
    names: ["vms.example.org"],
    settings,
    countingNamespace: "default",
  });
  await part.start();
  return { api, part, lines, port };
}

t.test("it listens where it is told, and ends when it is told", async (t) => {
  const { api, part, lines, port } = await setUp("127.0.0.1");
  const asked = request(`http://127.0.0.1:${port}/pm/list`, { agent: false });
  asked.end();
  const [answer] = await once(asked, "response");
  t.equal(await text(answer), '{"pmids":[]}');
  t.same(
    lines.filter((line) => line.startsWith("warn")),
    [],
  );
  await part.stop();
  await t.rejects(once(request(`http://127.0.0.1:${port}/pm/list`).end(), "response"), {
    code: "ECONNREFUSED",
  });
  await api[Symbol.asyncDispose]();
});

t.test("beyond loopback it says who may use it", async (t) => {
  const { api, part, lines } = await setUp("0.0.0.0");
  t.match(lines, [/^warn the flat API is open to everybody/]);
  await part.stop();
  await api[Symbol.asyncDispose]();
});
