// The client process of bench/api.ts: keeps a server busy as it is told, and reports what it saw.
import { Connection, type Request, type Response, type Target } from "./connection.ts";
import { Informers } from "./informers.ts";

/** `{n}` in path and body becomes a number that counts on, `{now}` the time in microseconds. */
export type Job = { readonly target: Target; readonly request: Request } & (
  | {
      /** So many requests over so many connections, each sending the next when it has its answer. */
      readonly type: "load";
      readonly connections: number;
      readonly count: number;
      /** Ends earlier when so much time is over. */
      readonly seconds?: number;
      /** Whether a 429 is taken to heart: comes back when it says. */
      readonly polite?: boolean;
    }
  /** One request after another, so many a second, until told to stop. */
  | { readonly type: "pace"; readonly perSecond: number }
  /** As many watches, of which so many take nothing once they are open. */
  | { readonly type: "watch"; readonly watchers: number; readonly stalled: number }
  /** As many watches over HTTP/2, so many on one connection. */
  | { readonly type: "inform"; readonly watchers: number; readonly perConnection: number }
  /** One watch, until it has shown each of these texts in so many objects: how long after they were sent. */
  | { readonly type: "seen"; readonly texts: readonly string[]; readonly objects: number }
);

/** Latencies in milliseconds, in order. */
export interface Tally {
  readonly count: number;
  readonly seconds: number;
  /** By code, or by the number of the text that was seen; ascending. */
  readonly ms: Readonly<Record<number, Float64Array>>;
  readonly firstMs: Float64Array;
  readonly bytes: number;
  /** Of this process. */
  readonly cpuMs: number;
}

export type Command =
  | { readonly id: number; readonly job: Job }
  | { readonly id: number; readonly stop: true };
export type Report = { readonly id: number } & ({ readonly tally: Tally } | { readonly ready: true });

const stops = new Map<number, () => void>();

process.on("message", (command: Command) => {
  if ("stop" in command) return stops.get(command.id)?.();
  run(command.id, command.job).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});

function report(message: Report): void {
  process.send?.(message);
}

async function run(id: number, job: Job): Promise<void> {
  const stopped = new Promise<void>((resolve) => stops.set(id, resolve));
  const tally = new Tallying();
  switch (job.type) {
    case "load": {
      const connections = await openAll(job.target, job.connections);
      report({ id, ready: true });
      tally.start();
      let next = 0;
      const end = tally.startedAt + (job.seconds ?? Number.POSITIVE_INFINITY) * 1000;
      const work = async (connection: Connection): Promise<void> => {
        while (next < job.count && performance.now() < end) {
          const response = await connection.send(filled(job.request, next++));
          tally.add(response);
          if (response.code === 429 && job.polite === true) await pause(retryAfterMs(response));
        }
      };
      await Promise.all(connections.map(work));
      for (const connection of connections) connection.close();
      break;
    }
    case "pace": {
      const [connection] = await openAll(job.target, 1);
      report({ id, ready: true });
      tally.start();
      let going = true;
      void stopped.then(() => {
        going = false;
      });
      for (let n = 0; going && connection !== undefined; n += 1) {
        const due = tally.startedAt + (n * 1000) / job.perSecond;
        const delayMs = Math.max(0, due - performance.now());
        await Promise.race([stopped, pause(delayMs)]);
        if (going) tally.add(await connection.send(filled(job.request, n)));
      }
      connection?.close();
      break;
    }
    case "watch": {
      const connections = await openAll(job.target, job.watchers);
      const request = await sinceNow(job.target, job.request);
      const opened = connections.map((connection) => watch(connection, request, tally));
      await Promise.all(opened);
      for (const connection of connections.slice(0, job.stalled)) connection.stall();
      report({ id, ready: true });
      tally.start();
      await stopped;
      for (const connection of connections) connection.close();
      break;
    }
    case "inform": {
      const request = await sinceNow(job.target, job.request);
      const take = (chunk: Buffer): void => tallyEvents(chunk, tally);
      using _informers = await Informers.open(job.target, request, { ...job, take });
      report({ id, ready: true });
      tally.start();
      await stopped;
      break;
    }
    case "seen": {
      const connection = await Connection.open(job.target);
      const request = await sinceNow(job.target, job.request);
      const sightings = new Sightings(job, tally);
      const allSeen = new Promise<void>((resolve, reject) => {
        connection.stream(request, (chunk) => sightings.take(chunk) && resolve(), reject);
      });
      report({ id, ready: true });
      tally.start();
      await allSeen;
      connection.close();
    }
  }
  report({ id, tally: tally.end() });
}

function retryAfterMs({ start }: Response): number {
  return Number(/^retry-after: (\d+)/im.exec(start.toString("latin1"))?.[1]) * 1000;
}

/** Opened a few at a time: a server is not asked for hundreds of handshakes at once. */
async function openAll(target: Target, count: number): Promise<Connection[]> {
  const connections: Connection[] = [];
  while (connections.length < count) {
    const some = Math.min(16, count - connections.length);
    connections.push(...(await Promise.all(Array.from({ length: some }, () => Connection.open(target)))));
  }
  return connections;
}

/** The watch of a collection from what it is at now. */
async function sinceNow(target: Target, collection: Request): Promise<Request> {
  const connection = await Connection.open(target);
  const { start } = await connection.send({ ...collection, path: `${collection.path}?limit=1` });
  connection.close();
  const revision = /"resourceVersion":"(\d+)"/.exec(start.toString())?.[1] ?? "";
  return { ...collection, path: `${collection.path}?watch=true&resourceVersion=${revision}` };
}

const sentMark = Buffer.from('"sent":"');

/** Resolves when the watch has begun; then tallies its events. */
function watch(connection: Connection, request: Request, tally: Tallying): Promise<void> {
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      resolve();
      tallyEvents(chunk, tally);
    };
    connection.stream(request, take, reject);
  });
}

/** How long ago each event says that it was sent. */
function tallyEvents(chunk: Buffer, tally: Tallying): void {
  for (let at = chunk.indexOf(sentMark); at >= 0; at = chunk.indexOf(sentMark, at + 1)) {
    const sent = Number(textAfter(chunk.subarray(at), sentMark));
    tally.add({ code: 200, bytes: chunk.length, firstMs: 0, ms: (micros() - sent) / 1000 });
  }
}

/** In which objects of a watch which texts have been seen. */
class Sightings {
  readonly #texts: readonly Buffer[];
  readonly #seen: readonly Set<string>[];
  readonly #objects: number;
  readonly #tally: Tallying;
  #rest: Buffer = Buffer.alloc(0);

  constructor(job: { readonly texts: readonly string[]; readonly objects: number }, tally: Tallying) {
    this.#texts = job.texts.map((text) => Buffer.from(text));
    this.#seen = job.texts.map(() => new Set());
    this.#objects = job.objects;
    this.#tally = tally;
  }

  /** Returns whether everything has been seen. */
  take(chunk: Buffer): boolean {
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, start)) {
      this.#look(all.subarray(start, end));
      start = end + 1;
    }
    this.#rest = all.subarray(start);
    return this.#seen.every(({ size }) => size === this.#objects);
  }

  #look(line: Buffer): void {
    const sent = textAfter(line, sentMark);
    if (sent === "") return;
    const name = textAfter(line, nameMark);
    for (const [index, text] of this.#texts.entries()) {
      const seen = this.#seen[index];
      if (seen === undefined || seen.has(name) || !line.includes(text)) continue;
      seen.add(name);
      this.#tally.add({ code: index, bytes: line.length, firstMs: 0, ms: (micros() - Number(sent)) / 1000 });
    }
  }
}

const nameMark = Buffer.from('"name":"');

/** What stands between the mark and the next quotation mark; empty without the mark. */
function textAfter(line: Buffer, mark: Buffer): string {
  const at = line.indexOf(mark);
  return at < 0 ? "" : line.toString("latin1", at + mark.length, line.indexOf(34, at + mark.length));
}

/** The same in every process of the machine. */
function micros(): number {
  return Math.round(Number(process.hrtime.bigint() / 1000n));
}

function filled(request: Request, n: number): Request {
  const fill = (text: string): string =>
    text.replaceAll("{n}", String(n)).replaceAll("{now}", String(micros()));
  const { body, ...rest } = request;
  return { ...rest, path: fill(request.path), ...(body !== undefined && { body: fill(body) }) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

class Tallying {
  startedAt = 0;
  readonly #ms = new Map<number, number[]>();
  readonly #firstMs: number[] = [];
  #count = 0;
  #bytes = 0;
  #cpu = process.cpuUsage();

  start(): void {
    this.startedAt = performance.now();
    this.#cpu = process.cpuUsage();
  }

  add({ code, ms, firstMs, bytes }: Omit<Response, "start">): void {
    const known = this.#ms.get(code) ?? [];
    this.#ms.set(code, known);
    known.push(ms);
    this.#firstMs.push(firstMs);
    this.#count += 1;
    this.#bytes += bytes;
  }

  end(): Tally {
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      count: this.#count,
      seconds: (performance.now() - this.startedAt) / 1000,
      ms: Object.fromEntries([...this.#ms].map(([code, ms]) => [code, Float64Array.from(ms).sort()])),
      firstMs: Float64Array.from(this.#firstMs).sort(),
      bytes: this.#bytes,
      cpuMs: (user + system) / 1000,
    };
  }
}
