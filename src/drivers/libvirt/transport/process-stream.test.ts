import { once } from "node:events";
import { type Duplex, PassThrough } from "node:stream";
import t from "tap";
import { processStream } from "./process-stream.ts";

/** A remote process that says back what it is told. */
function echo(): Duplex & { stderr: PassThrough; close(): void; closed: boolean } {
  const process = new PassThrough();
  return Object.assign(process, { stderr: new PassThrough(), close: () => void process.destroy() });
}

t.test("bytes go through both ways", async (t) => {
  const stream = processStream(echo(), "helper");
  stream.write("hello");
  const [chunk] = await once(stream, "data");
  t.equal(String(chunk), "hello");
  stream.destroy();
});

t.test("when the process ends the stream fails with its complaint and exit code", async (t) => {
  const process = echo();
  const stream = processStream(process, "helper");
  process.stderr.write("cannot connect\n");
  await new Promise((resolve) => setImmediate(resolve));
  process.emit("exit", 1);
  process.destroy();
  const [error] = await once(stream, "error").catch((caught: unknown) => [caught]);
  t.match(error, { message: "helper: exit code 1: cannot connect" });
});

t.test("ending the stream closes the process", async (t) => {
  const process = echo();
  processStream(process, "helper").destroy();
  t.ok(process.destroyed);
});
