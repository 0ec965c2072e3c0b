import t from "tap";
import { systemClock } from "../runtime/clock.ts";
import { noTerminal } from "../testing/no-terminal.ts";
import { startSeed } from "../testing/seed-fixture.ts";
import { runProgram } from "./program.ts";

const seed = await startSeed();
t.teardown(() => seed[Symbol.asyncDispose]());
await seed.app.listen({ host: "127.0.0.1", port: 0 });
const address = seed.app.server.address();
const server = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

/** Runs a command line while virtual time goes on. */
async function run(args: readonly string[], env: Record<string, string> = { OSTLER_SEED_URL: server }) {
  const output = { stdout: "", stderr: "" };
  const writer = (name: "stdout" | "stderr") => ({
    write(text: string): void {
      output[name] += text;
    },
  });
  let done = false;
  const running = runProgram(args, {
    stdout: writer("stdout"),
    stderr: writer("stderr"),
    env,
    clock: systemClock,
    signal: new AbortController().signal,
    readStdin: async () => "",
    readLine: async () => "",
    terminal: noTerminal,
    version: "0.0.0-test",
    serve: async () => {},
  }).finally(() => {
    done = true;
  });
  while (!done) await seed.cluster.settle(100);
  return { code: await running, ...output };
}

const commands: readonly (readonly [readonly string[], number, string])[] = [
  [["seed", "types"], 0, '{"types":[{"tid":1,"cpu":1,"ram":512,"disk":0}]}'],
  [["seed", "images"], 0, '{"images":[{"id":100,"name":"debian"}]}'],
  [["seed", "pms"], 0, '{"pmids":[1]}'],
  [["seed", "create", "test VM_1", "--type", "1", "--image", "100"], 0, '{"vmid":1}'],
  [["seed", "create", "more", "--type", "1", "--count", "2"], 0, '{"vmids":[2,3]}'],
  [["seed", "create", "more", "--type", "1", "--count", "2"], 1, '{"vmid":0}'],
  [["seed", "query", "1"], 0, '{"vmid":1,"name":"test VM_1","instance_type":1,"pmid":1}'],
  [["seed", "query", "9"], 1, "0"],
  [["seed", "vms", "1"], 0, '{"vmids":[1,2,3]}'],
  [["seed", "vms", "9"], 1, "0"],
  [["seed", "pm", "9"], 1, "0"],
  [["seed", "destroy", "1"], 0, '{"status":1}'],
  [["seed", "destroy", "1"], 1, '{"status":0}'],
  [["seed", "volume-query", "9"], 1, '{"error":"volumeid : 9 does not exist"}'],
];
for (const [args, code, stdout] of commands) {
  t.test(`ostler ${args.join(" ")} prints ${stdout}`, async (t) => {
    t.match(await run(args), { code, stdout: `${stdout}\n` });
  });
}

t.test("why a call failed is on standard error", async (t) => {
  t.match(await run(["seed", "query", "9"]), { stderr: "error: there is no vmid 9\n" });
});

t.test("the server is the one that is named, and when nobody is there it says so", async (t) => {
  t.match(await run(["seed", "pms", "--url", server], {}), { code: 0 });
  t.match(await run(["seed", "pms", "--url", "http://127.0.0.1:1"]), {
    code: 5,
    stderr: /no answer from the flat API/,
  });
});

t.test("wrong usage is told", async (t) => {
  for (const args of [
    ["seed", "query"],
    ["seed", "create", "a"],
    ["seed", "nothing"],
    ["seed", "load", "--wait", "x"],
  ]) {
    t.equal((await run(args)).code, 2, args.join(" "));
  }
});
