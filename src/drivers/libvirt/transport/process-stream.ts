import { Duplex } from "node:stream";

/** A remote process: bytes both ways, complaints, and an exit code before it closes. */
export interface RemoteProcess extends Duplex {
  readonly stderr: NodeJS.ReadableStream;
  close(): void;
}

const keptComplaint = 1000;

/**
 * The input and output of a remote process as one stream. When the process ends the stream fails with what it
 * complained of, which a plain channel would have lost: it ends before the reason is known.
 */
export function processStream(process: RemoteProcess, name: string): Duplex {
  let complaint = "";
  let exit = "";
  const stream = new Duplex({
    read: () => void process.resume(),
    write: (chunk, _encoding, done) => void process.write(chunk, done),
    final: (done) => void process.end(done),
    destroy(error, done) {
      process.close();
      done(error);
    },
  });
  process.on("data", (chunk: Buffer) => {
    if (!stream.push(chunk)) process.pause();
  });
  process.stderr.on("data", (text: Buffer) => {
    complaint = (complaint + text).slice(-keptComplaint);
  });
  process.on("exit", (code: number | null, signalName?: string) => {
    exit = code === null ? `killed by ${signalName}` : `exit code ${code}`;
  });
  process.on("error", (error) => stream.destroy(error));
  process.on("close", () => {
    const reason = [exit, complaint.trim()].filter((part) => part !== "").join(": ");
    stream.destroy(new Error(`${name}: ${reason === "" ? "ended" : reason}`));
  });
  return stream;
}
