import { Duplex } from "node:stream";

/** A remote process: bytes both ways, complaints, and an exit code before it closes. */
export interface RemoteProcess extends Duplex {
  readonly stderr: NodeJS.ReadableStream;
  close(): void;
}

const keptComplaint = 1000;

/** How a process ended, as far as was told. */
export interface ProcessEnd {
  readonly exitCode: number | undefined;
  /** For people: the exit code or signal, and the last that was said on standard error. */
  readonly text: string;
}

export interface ProcessReader {
  /** Whether what comes first is what was asked for, and not a shell that has something to say. */
  isAnswer(first: Buffer): boolean;
  /** What the stream fails with when the process has ended. */
  explain(end: ProcessEnd): Error;
}

/**
 * The input and output of a remote process as one stream. When the process ends the stream fails with why,
 * which a plain channel would have lost: it ends before the reason is known.
 */
export function processStream(process: RemoteProcess, { isAnswer, explain }: ProcessReader): Duplex {
  let answers: boolean | undefined;
  let complaint = "";
  let exit = "";
  let exitCode: number | undefined;
  const stream = new Duplex({
    read: () => void process.resume(),
    write: (chunk, _encoding, done) => void process.write(chunk, done),
    final: (done) => void process.end(done),
    destroy(error, done) {
      process.close();
      done(error);
    },
  });
  const complain = (text: Buffer): void => {
    complaint = (complaint + text).slice(-keptComplaint);
  };
  process.on("data", (chunk: Buffer) => {
    answers ??= isAnswer(chunk);
    if (!answers) complain(chunk);
    else if (!stream.push(chunk)) process.pause();
  });
  process.stderr.on("data", complain);
  process.on("exit", (code: number | null, signalName?: string) => {
    exitCode = code ?? undefined;
    exit = code === null ? `killed by ${signalName}` : `exit code ${code}`;
  });
  process.on("error", (error) => stream.destroy(error));
  process.on("close", () => {
    const reason = [exit, complaint.trim()].filter((part) => part !== "").join(": ");
    stream.destroy(explain({ exitCode, text: reason === "" ? "ended" : reason }));
  });
  return stream;
}
