import type { Clock } from "../../runtime/clock.ts";
import { withDeadline } from "../../runtime/deadline.ts";
import { hasReason, messageOf, StatusError } from "../../runtime/errors.ts";
import { statusOf } from "../kubernetes/status.ts";
import type { MessageSocket } from "../web-socket.ts";
import { over, printed, readFromClient } from "./channels.ts";
import type { OpenedConsole } from "./consoles.ts";

export interface RelayOptions {
  readonly clock: Clock;
  readonly socket: MessageSocket;
  readonly terminal: OpenedConsole;
  /** Ends it, with its reason for a last word. */
  readonly signal: AbortSignal;
  readonly stdin: boolean;
}

export interface Relayed {
  /** For the log: what ended it. */
  readonly why: string;
  readonly printedBytes: number;
  readonly typedBytes: number;
}

/** A viewer that takes nothing for so long is sent away: its guest waits to print. */
const stallMs = 20_000;
const pingMs = 30_000;
const goodbyeMs = 2_000;
const goodbyeCode = 1000;

const success = JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" });

/**
 * Carries bytes between a viewer and a console until either ends, and tells the viewer which. At most one
 * piece each way is under way: who lags holds the other back. Nothing in the bytes is looked at. Never
 * throws.
 */
export async function relay(options: RelayOptions): Promise<Relayed> {
  const { clock, socket, terminal, signal } = options;
  const count = { printedBytes: 0, typedBytes: 0 };
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const pings = keepAsking(clock, socket, stop);
  const ways = [
    print(options, count).then(() => guestEnded),
    type(options, count).then(() => viewerGone),
    new Promise<never>((_resolve, reject) => {
      const refuse = (): void => reject(stop.reason);
      if (stop.aborted) refuse();
      else stop.addEventListener("abort", refuse, { once: true });
    }),
  ];
  const end = await Promise.race(ways).catch(failed);
  for (const way of ways) way.catch(() => undefined);
  ended.abort();
  await pings;
  await terminal[Symbol.asyncDispose]();
  await sayGoodbye(clock, socket, end);
  return { why: end.why, ...count };
}

interface Ending {
  readonly why: string;
  readonly error?: unknown;
}

/** To the viewer nothing is in doubt: what was typed last may not have arrived, and that is an error. */
function failed(error: unknown): Ending {
  const why = messageOf(error);
  return { why, error: hasReason(error, "OutcomeUnknown") ? new StatusError("InternalError", why) : error };
}

const guestEnded: Ending = { why: "the guest ended" };
const viewerGone: Ending = { why: "the viewer left" };

interface Count {
  printedBytes: number;
  typedBytes: number;
}

async function print({ clock, socket, terminal, signal }: RelayOptions, count: Count): Promise<void> {
  const reason = () => new StatusError("Timeout", `the viewer took nothing for ${stallMs / 1000} s`);
  const send = (message: Uint8Array) =>
    withDeadline({ clock, lengthMs: stallMs, signal, reason }, (limit) =>
      Promise.race([socket.send(message), refusal(limit)]),
    );
  // Says that it is open before the guest has said anything, as kubelets do.
  await send(printed(new Uint8Array()));
  for await (const bytes of terminal.read()) {
    count.printedBytes += bytes.length;
    await send(printed(bytes));
  }
}

async function type({ socket, terminal, stdin }: RelayOptions, count: Count): Promise<void> {
  for await (const message of socket.read()) {
    const said = readFromClient(message);
    if (said.type !== "typed" || !stdin) continue;
    count.typedBytes += said.bytes.length;
    await terminal.write(said.bytes);
  }
}

/** Rejects when the signal aborts. */
function refusal(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Ends a viewer that has gone without a word. */
async function keepAsking(clock: Clock, socket: MessageSocket, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(pingMs, signal).catch(() => undefined);
    if (!signal.aborted && !socket.ping()) socket.terminate();
  }
}

async function sayGoodbye(clock: Clock, socket: MessageSocket, { error }: Ending): Promise<void> {
  const timer = clock.after(goodbyeMs, () => socket.terminate());
  const status = error === undefined ? success : JSON.stringify(statusOf(error));
  await socket.send(over(status)).catch(() => undefined);
  await socket.close(goodbyeCode);
  timer.cancel();
}
