import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { request as plainRequest } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { type Connection, readKubeconfig } from "../cli/kubeconfig.ts";
import { eventually } from "./server-process.ts";

interface Served {
  readonly connection: Connection;
  readonly state: string;
  /** All that it has logged, at its most talkative. */
  log(): string;
  end(): Promise<void>;
}

async function serve(t: Test, listen: string): Promise<Served> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-exposure-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const state = join(directory, "state");
  const program = fileURLToPath(new URL("../../bin/ostler", import.meta.url));
  const args = [
    "serve",
    "--state-dir",
    state,
    "--listen",
    listen,
    "--log-level",
    "debug",
    "--fake-hosts",
    "1",
  ];
  const child: ChildProcess = spawn("env", ["-u", "NODE_OPTIONS", program, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  let logged = "";
  child.stderr?.setEncoding("utf8").on("data", (line: string) => {
    logged += line;
  });
  const end = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exited;
  };
  t.teardown(() => (child.exitCode === null ? end() : undefined));
  const connection = await eventually("the server answers", async () => {
    const found = await readKubeconfig(join(state, "kubeconfig"));
    return (await ask(found, "GET", "/healthz")).code === 200 ? found : undefined;
  });
  return { connection, state, log: () => logged, end };
}

async function ask(
  { server, ca }: Connection,
  method: string,
  path: string,
  { body, headers = {} }: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
) {
  const sent = request(`${server}${path}`, {
    method,
    ca,
    agent: false,
    checkServerIdentity: () => undefined,
    headers: { "content-type": "application/json", ...headers },
  }).end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, "response");
  return { code: Number(response.statusCode), text: await text(response) };
}

t.test("secrets are in no log, audit record, error, metric, and tokens not even in the store", async (t) => {
  const { connection, state, log, end } = await serve(t, "127.0.0.1:0");
  const canary = (name: string): string => `canary${name}${"c".repeat(37 - name.length)}`;
  const header = { authorization: `Bearer ${connection.token}` };
  const wrong = { authorization: `Bearer ostler_${canary("header")}` };
  const encoded = Buffer.from(canary("secret")).toString("base64");
  const secret = { metadata: { name: "s" }, data: { password: encoded } };
  const answers = [
    await ask(connection, "POST", "/api/v1/namespaces/default/secrets", { body: secret, headers: header }),
    await ask(connection, "GET", "/apis", { headers: wrong }),
    await ask(connection, "GET", `/apis?token=${canary("query")}`),
    await ask(connection, "GET", "/apis", { headers: { authorization: `Basic ${canary("basic")}` } }),
    await ask(connection, "DELETE", "/api/v1/namespaces/default/secrets/s?dryRun=All", { headers: header }),
  ];
  t.same(
    answers.map(({ code }) => code),
    [201, 401, 401, 401, 200],
  );
  const invalid = { metadata: { name: "x" }, data: { password: `${canary("invalid")} not base64` } };
  await ask(connection, "POST", "/api/v1/namespaces/default/secrets", { body: invalid, headers: header });
  const metrics = (await ask(connection, "GET", "/metrics", { headers: header })).text;
  t.match(metrics, /ostler_api_requests_total/);
  await end();
  const audit = (
    await Promise.all(
      (await readdir(join(state, "audit"))).map((name) => readFile(join(state, "audit", name), "utf8")),
    )
  ).join("");
  t.match(audit, /"resource":"secrets".*"name":"s".*"decision":"allow","code":201/);
  t.match(log(), /"request denied"/);
  const errors = answers.filter(({ code }) => code >= 400).map((answer) => answer.text);
  for (const [place, found] of Object.entries({ audit, metrics, errors: errors.join(""), log: log() })) {
    t.notMatch(found, /canary/i, place);
    t.notMatch(found, encoded, place);
    t.notOk(found.includes(connection.token ?? "none"), `the administrator's token is not in ${place}`);
  }
  for (const name of ["store.db", "store.db-wal", "tokens.json"]) {
    const content = await readFile(join(state, name), "latin1").catch(() => "");
    t.notOk(content.includes(connection.token ?? "none"), `the token is not in ${name}`);
  }
});

t.test("wherever it listens there is TLS, and nobody unknown is answered", async (t) => {
  for (const listen of ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0"]) {
    const { connection, end } = await serve(t, listen);
    for (const path of ["/metrics", "/apis", "/version", "/openapi/v3", "/api/v1/namespaces?watch=1", "/"]) {
      t.equal((await ask(connection, "GET", path)).code, 401, `${listen} ${path}`);
    }
    const url = `${connection.server.replace("https:", "http:")}/healthz`;
    const answered = await new Promise((resolve) => {
      plainRequest(url, { agent: false }, () => resolve(true))
        .once("error", () => resolve(false))
        .end();
    });
    t.notOk(answered, `${listen}: plain HTTP is not answered`);
    const header = { authorization: `Bearer ${connection.token}`, host: "rebound.example.org" };
    t.equal((await ask(connection, "GET", "/apis", { headers: header })).code, 403, "another name");
    await end();
  }
});
