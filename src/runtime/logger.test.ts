import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { silentLogger } from "./logger.ts";

function logged(level: string, code: string): unknown[] {
  const module = join(import.meta.dirname, "logger.ts");
  const script = [
    `import { createLogger } from ${JSON.stringify(module)};`,
    `const log = createLogger("${level}");`,
    code,
  ].join("\n");
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: {},
  });
  t.equal(stdout, "");
  return stderr.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

t.test("each line is JSON on standard error, with level, time, message and fields", async (t) => {
  const lines = logged("info", 'log.debug("no"); log.info("started", { port: 1 }); log.error("failed");');
  t.match(lines, [
    { level: 30, time: /^\d{4}-\d\d-\d\dT/, msg: "started", port: 1 },
    { level: 50, msg: "failed" },
  ]);
});

t.test("fields of a logger are on each of its lines", async (t) => {
  const lines = logged("debug", 'log.with({ host: "h1" }).with({ vm: "a" }).warn("slow", { ms: 5 });');
  t.match(lines, [{ level: 40, host: "h1", vm: "a", ms: 5, msg: "slow" }]);
});

t.test("a log that cannot be written ends nothing", { skip: !existsSync("/dev/full") }, async (t) => {
  const module = join(import.meta.dirname, "logger.ts");
  const script = [
    `import { createLogger } from ${JSON.stringify(module)};`,
    'for (const message of ["one", "two"]) createLogger("info").info(message);',
    'console.log("goes on");',
  ].join("\n");
  const full = openSync("/dev/full", "w");
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: {},
    stdio: ["ignore", "pipe", full],
  });
  closeSync(full);
  t.same({ stdout, status }, { stdout: "goes on\n", status: 0 });
});

t.test("a silent logger stays silent whatever is added to it", async (t) => {
  const logger = silentLogger.with({ a: 1 });
  logger.debug("a");
  logger.info("a");
  logger.warn("a");
  logger.error("a");
  t.equal(logger, silentLogger);
});
