// What the parts below the API can do at best, in the same run.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fdatasync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pause, percentiles } from "./scenarios.ts";

/** Milliseconds of one write of 2 KiB and fdatasync. */
export function fdatasyncFloor(): Promise<Floor> {
  return timed(1000, async (file) => fdatasyncSync(file));
}

/** The same in a thread of Node, twenty times a second: nobody is awake when it begins, nor when it is done. */
export function loneSyncFloor(): Promise<Floor> {
  return timed(200, promisify(fdatasync), 50);
}

interface Floor {
  readonly p50: number;
  readonly p99: number;
}

async function timed(count: number, sync: (file: number) => Promise<void>, restMs = 0): Promise<Floor> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
  const file = openSync(join(directory, "floor"), "w");
  const block = Buffer.alloc(2048, "x");
  const ms = new Float64Array(count);
  for (let n = 0; n < count; n += 1) {
    if (restMs > 0) await pause(restMs);
    const start = performance.now();
    writeSync(file, block);
    await sync(file);
    ms[n] = performance.now() - start;
  }
  closeSync(file);
  await rm(directory, { recursive: true });
  return percentiles(ms.sort());
}

export interface EtcdFloor {
  readonly writers: number;
  readonly perSecond: number;
  readonly p50: number;
}

/** Puts of 2 KiB, by so many writers; undefined where no etcd is installed (`ETCD` may name one). */
export async function etcdFloor(writers: number, count: number): Promise<EtcdFloor | undefined> {
  const directory = await mkdtemp(join(tmpdir(), "ostler-bench-"));
  const etcd = await startEtcd(directory);
  if (etcd === undefined) {
    await rm(directory, { recursive: true });
    return undefined;
  }
  try {
    return await put(etcd.url, writers, count);
  } finally {
    const exited = once(etcd.child, "exit");
    etcd.child.kill("SIGTERM");
    await exited;
    await rm(directory, { recursive: true });
  }
}

async function startEtcd(directory: string): Promise<{ child: ChildProcess; url: string } | undefined> {
  const url = "http://127.0.0.1:23790";
  const peer = "http://127.0.0.1:23800";
  const child = spawn(
    process.env.ETCD ?? "etcd",
    [
      ...["--data-dir", directory, "--listen-client-urls", url, "--advertise-client-urls", url],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", `default=${peer}`, "--log-level", "error"],
    ],
    { stdio: "ignore" },
  );
  // Where there is none, waiting for its start fails with the error.
  const spawned = await once(child, "spawn").then(
    () => true,
    () => false,
  );
  if (!spawned) return undefined;
  await pause(2000);
  return { child, url };
}

/** gRPC by hand: it is one message of two fields. */
async function put(url: string, writers: number, count: number): Promise<EtcdFloor> {
  const session = connect(url);
  const ms: number[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    const start = performance.now();
    const stream = session.request({
      ":method": "POST",
      ":path": "/etcdserverpb.KV/Put",
      "content-type": "application/grpc",
      te: "trailers",
    });
    const trailers = once(stream, "trailers");
    stream.resume().end(message(`key-${next++}`, "x".repeat(2048)));
    const [{ "grpc-status": status }] = await trailers;
    if (status !== "0") throw new Error(`etcd: grpc status ${status}`);
    ms.push(performance.now() - start);
  };
  const start = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (next < count) await one();
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  session.close();
  return { writers, perSecond: ms.length / seconds, p50: percentiles(Float64Array.from(ms).sort()).p50 };
}

/** PutRequest { 1: key, 2: value } behind gRPC's prefix of five bytes. */
function message(key: string, value: string): Buffer {
  const field = (number: number, text: string): Buffer =>
    Buffer.concat([Buffer.from([number * 8 + 2, ...varint(text.length)]), Buffer.from(text)]);
  const body = Buffer.concat([field(1, key), field(2, value)]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
