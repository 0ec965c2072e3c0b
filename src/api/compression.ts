import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createGzip, gzip } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { parseAccept } from "./kubernetes/negotiation.ts";

/** As in Kubernetes: what is shorter is sent sooner than it is compressed. */
const leastBytes = 128 * 1024;

/** Almost as small as the best, for a fraction of the time. */
const options = { level: 1 } as const;

const compress = promisify(gzip);

/**
 * Compresses long answers to reads for clients that ask for it. What is sent in pieces is long; watches,
 * which are sent past the framework, are never compressed.
 */
export function compressAnswers(app: FastifyInstance): void {
  app.addHook<unknown>("onSend", (request, reply, payload, done) => {
    if (request.method !== "GET" || !isLong(payload)) {
      done(null, payload);
      return;
    }
    reply.header("vary", "Accept, Accept-Encoding");
    if (!takesGzip(request.headers["accept-encoding"])) {
      done(null, payload);
      return;
    }
    reply.header("content-encoding", "gzip").removeHeader("content-length");
    if (payload instanceof Readable) done(null, payload.pipe(createGzip(options)));
    else compress(payload, options).then((compressed) => done(null, compressed), done);
  });
}

function isLong(payload: unknown): payload is string | Uint8Array | Readable {
  if (payload instanceof Readable) return true;
  const isContent = typeof payload === "string" || payload instanceof Uint8Array;
  return isContent && payload.length > leastBytes;
}

/** Whether `gzip` is among what an Accept-Encoding header takes. */
export function takesGzip(header: string | readonly string[] | undefined): boolean {
  if (header === undefined) return false;
  return parseAccept(String(header)).some(({ type }) => type === "gzip");
}
