import { fastify } from "fastify";
import t from "tap";
import { noSchemas } from "./no-schemas.ts";

t.test(
  "routes without schemas are served, and one with a schema is refused before anybody calls it",
  async (t) => {
    const app = fastify({ logger: false, schemaController: noSchemas });
    app.get("/plain", async () => ({ ok: true }));
    t.same((await app.inject("/plain")).json(), { ok: true });
    await app.close();

    const other = fastify({ logger: false, schemaController: noSchemas });
    other.get("/judged", { schema: { querystring: { type: "object" } } }, async () => "");
    await t.rejects(async () => void (await other.ready()), /validator\.ts/);
    await other.close().catch(() => undefined);
  },
);
