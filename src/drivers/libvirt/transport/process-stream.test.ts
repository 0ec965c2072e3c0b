import { once } from "node:events";
import { type Duplex, PassThrough } from "node:stream";
import t from "tap";
import { type ProcessEnd, processStream } from "./process-stream.ts";

/** A remote process that says back what it is told. */
function echo(): Duplex & { stderr: PassThrough; close(): void; closed: boolean } {
  const process = new PassThrough();
  return Object.assign(process, { stderr: new PassThrough(), close: () => void process.destroy() });
}

const reader = {
  isAnswer: (first: Buffer) => first[0] !== "!".charCodeAt(0),
  explain: ({ exitCode, text }: ProcessEnd) => new Error(`helper (${exitCode}): ${text}`),
};

t.test("bytes go through both ways", async (t) => {
  const stream = processStream(echo(), reader);
  stream.write("hello");
  const [chunk] = await once(stream, "data");
  t.equal(String(chunk), "hello");
  stream.destroy();
});

t.test("when the process ends the stream fails with its complaint and exit code", async (t) => {
  const process = echo();
  const stream = processStream(process, reader);
  process.stderr.write("cannot connect\n");
  await new Promise((resolve) => setImmediate(resolve));
  process.emit("exit", 1);
  process.destroy();
  const [error] = await once(stream, "error").catch((caught: unknown) => [caught]);
  t.match(error, { message: "helper (1): exit code 1: cannot connect" });
});

t.test("ending the stream closes the process", async (t) => {
  const process = echo();
  processStream(process, reader).destroy();
  t.ok(process.destroyed);
});

t.test("what a shell says instead of an answer is a complaint, too", async (t) => {
  const process = echo();
  const stream = processStream(process, reader);
  process.write("!not available\n");
  await new Promise((resolve) => setImmediate(resolve));
  process.emit("exit", 1);
  process.destroy();
  const [error] = await once(stream, "error").catch((caught: unknown) => [caught]);
  t.match(error, { message: "helper (1): exit code 1: !not available" });
});
