import t from "tap";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { startSeed } from "../../testing/seed-fixture.ts";
import { callSeed, isFailure } from "./client.ts";

const { signal } = new AbortController();

t.test("an answer is handed on as it came, with what it means", async (t) => {
  await using seed = await startSeed();
  await seed.app.listen({ host: "127.0.0.1", port: 0 });
  const address = seed.app.server.address();
  const server = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
  const call = (path: string, parameters: Record<string, string | undefined> = {}) =>
    callSeed({ server, path, parameters, signal });
  t.same(await call("/pm/list"), { text: '{"pmids":[1]}', failed: false, reason: undefined });
  t.match(await call("/pm/query", { pmid: "1", other: undefined }), { failed: false });
  t.same(await call("/vm/query", { vmid: "a&b" }), {
    text: "0",
    failed: true,
    reason: "there is no vmid a&b",
  });
});

t.test("nobody there is told from a call that failed", async (t) => {
  const server = "http://127.0.0.1:1";
  await rejectsWith(
    t,
    callSeed({ server, path: "/pm/list", parameters: {}, signal }),
    "ServiceUnavailable",
    server,
  );
  const gone = AbortSignal.abort(new Error("enough"));
  await t.rejects(callSeed({ server, path: "/", parameters: {}, signal: gone }), { message: "enough" });
});

t.test("failures are known by their values, whoever answers", async (t) => {
  for (const answer of [0, { vmid: 0 }, { status: 0 }, { volumeid: 0 }, { error: "x" }, { pmid: 0 }]) {
    t.ok(isFailure(answer), JSON.stringify(answer));
  }
  for (const answer of [{ vmid: 1 }, { status: 1 }, { vmids: [] }, { pmid: 1, vms: 0 }, [], null, {}]) {
    t.notOk(isFailure(answer), JSON.stringify(answer));
  }
});
