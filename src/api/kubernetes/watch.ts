import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { StatusError } from "../../runtime/errors.ts";
import type { Resource } from "../../schema/meta.ts";
import type { ApiContext, ApiRequest } from "./context.ts";
import { type Frame, FrameWriter } from "./frame-writer.ts";
import type { JsonObject } from "./json.ts";
import { parseRevision } from "./list-options.ts";
import { bookmarkObject, watchPresenter } from "./present.ts";
import { selectorOf } from "./read.ts";
import { isTrue } from "./request-info.ts";
import type { Selector } from "./selectors.ts";
import { type SharedFrames, watchFrame } from "./shared-frames.ts";
import { statusOf } from "./status.ts";
import { WatchFilter } from "./watch-filter.ts";

/** Where a watch starts, what it tells, and when it ends by itself. */
export interface WatchPlan {
  /** The revision after which to begin; undefined: with everything there is now, as ADDED. */
  readonly since: string | undefined;
  /** Mark the end of the beginning with a bookmark. */
  readonly markInitial: boolean;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
  readonly selector: Selector | undefined;
}

/** Where a watch is written, and what all watches share. */
export interface WatchOutput {
  readonly response: ServerResponse;
  readonly headers: Readonly<Record<string, string>>;
  readonly frames: SharedFrames;
  /** Aborted when the server closes: ends the watch in good order. */
  readonly closing: AbortSignal;
}

/** Without `timeoutSeconds` a watch ends after half an hour to an hour; clients take it up again. */
const defaultTimeout = { leastSeconds: 1800, spreadSeconds: 1800 } as const;
const maxTimeoutSeconds = 86_400;

/** A client that takes nothing for so long is dropped: it holds memory and a place. */
const stallMs = 60_000;

/** Reads the query of a watch. Throws `BadRequest` and `Invalid` while an error can still be answered. */
export function planWatch(context: ApiContext, { info, query }: ApiRequest): WatchPlan {
  const revision = parseRevision(query);
  const sendInitial = query.get("sendInitialEvents");
  if ((sendInitial !== null) !== (query.get("resourceVersionMatch") === "NotOlderThan")) {
    throw new StatusError(
      "Invalid",
      "a watch takes sendInitialEvents and resourceVersionMatch=NotOlderThan together or not at all",
    );
  }
  const initial = sendInitial === null ? revision === undefined : isTrue(sendInitial);
  return {
    since: initial || revision === undefined ? undefined : String(revision),
    markInitial: sendInitial !== null && initial,
    bookmarks: isTrue(query.get("allowWatchBookmarks")),
    timeoutMs: timeoutOf(context, query.get("timeoutSeconds")) * 1000,
    selector: selectorOf(info.kind, withName(query, info.name)),
  };
}

/**
 * Sends events as lines of JSON until the client goes, the time is up or the server closes. Waits for the
 * client to take what was sent; a client that takes too little is ended by the store with `Expired`. After
 * the head has been sent, errors are ERROR frames: never throws.
 */
export async function serveWatch(
  context: ApiContext,
  request: ApiRequest,
  plan: WatchPlan,
  output: WatchOutput,
): Promise<void> {
  const { response, closing } = output;
  const controller = new AbortController();
  const { signal } = controller;
  const end = (): void => controller.abort();
  const timer = context.clock.after(plan.timeoutMs, end);
  response.once("close", end);
  closing.addEventListener("abort", end, { once: true });
  if (closing.aborted) end();
  response.writeHead(200, output.headers);
  response.flushHeaders();
  const writer = new FrameWriter(response);
  const send = (frame: Frame): Promise<void> | undefined => {
    const full = writer.write(frame);
    return full && unlessStalled(context, response, once(full, "drain", { signal }));
  };
  try {
    await tell(context, request, { plan, frames: output.frames, signal, send });
  } catch (error) {
    if (!signal.aborted) writer.write(watchFrame("ERROR", JSON.stringify(statusOf(error))));
  } finally {
    timer.cancel();
    closing.removeEventListener("abort", end);
    await unlessStalled(context, response, ended(response));
  }
}

async function unlessStalled(
  { clock }: ApiContext,
  response: ServerResponse,
  taken: Promise<unknown>,
): Promise<void> {
  const timer = clock.after(stallMs, () => response.destroy());
  await taken.finally(() => timer.cancel());
}

/** Resolves when all has been handed to the network, or there is nobody to hand it to. */
function ended(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", resolve);
    response.end(resolve);
    if (response.destroyed) resolve();
  });
}

interface Telling {
  readonly plan: WatchPlan;
  readonly frames: SharedFrames;
  readonly signal: AbortSignal;
  /** Returns what to wait for before anything more is sent, if anything. */
  readonly send: (frame: Frame) => Promise<void> | undefined;
}

/** Sends what there is and what happens, each as a frame, until the signal is aborted. */
async function tell(context: ApiContext, request: ApiRequest, telling: Telling): Promise<void> {
  const { plan, frames, signal, send } = telling;
  const { kind, namespace } = request.info;
  const present = watchPresenter(context, request);
  const frameOf = (type: string, object: Resource): Frame =>
    present === undefined ? frames.frameOf(type, object) : watchFrame(type, present(object));
  const start = await startOf(context, request, plan);
  const since = start.resourceVersion;
  const events = context.store.watch(kind, { since, namespace, signal, bookmarks: plan.bookmarks });
  if (plan.since === undefined) for (const object of start.objects) await send(frameOf("ADDED", object));
  if (plan.markInitial) await send(bookmarkFrame(request, since, { "k8s.io/initial-events-end": "true" }));
  let seen = since;
  const filter = plan.selector && new WatchFilter(plan.selector, start.objects);
  for await (const event of events) {
    seen =
      event.type === "BOOKMARK" ? event.resourceVersion : (event.object.metadata.resourceVersion ?? seen);
    const shown = event.type === "BOOKMARK" || filter === undefined ? event : filter.apply(event);
    if (shown === undefined) continue;
    const frame =
      shown.type === "BOOKMARK" ? bookmarkFrame(request, seen) : frameOf(shown.type, shown.object);
    // Most take at once what they are sent.
    const taken = send(frame);
    if (taken !== undefined) await taken;
  }
  if (plan.bookmarks) await send(bookmarkFrame(request, seen));
}

interface Start {
  readonly resourceVersion: string;
  /** What is selected at that revision; empty when nobody needs to know. */
  readonly objects: readonly Resource[];
}

/** A selector that can change its mind about an object has to know what it matched at the start. */
async function startOf({ store }: ApiContext, { info }: ApiRequest, plan: WatchPlan): Promise<Start> {
  const { since, selector } = plan;
  if (since !== undefined && (selector === undefined || selector.stable)) {
    return { resourceVersion: since, objects: [] };
  }
  const list = await store.list(info.kind, { namespace: info.namespace, resourceVersion: since });
  const objects = selector === undefined ? list.items : list.items.filter(selector.matches);
  return { resourceVersion: since ?? list.resourceVersion, objects };
}

function bookmarkFrame(request: ApiRequest, revision: string, annotations?: JsonObject): Frame {
  return watchFrame("BOOKMARK", JSON.stringify(bookmarkObject(request, revision, annotations)));
}

function timeoutOf({ random }: ApiContext, text: string | null): number {
  if (text === null || text === "" || text === "0") {
    return defaultTimeout.leastSeconds + random.next() * defaultTimeout.spreadSeconds;
  }
  if (/^[0-9]{1,9}$/.test(text)) return Math.min(Number(text), maxTimeoutSeconds);
  throw new StatusError("BadRequest", "timeoutSeconds must be a number of seconds");
}

/** A watch of one object is a watch of the collection with a field selector. */
function withName(query: URLSearchParams, name: string | undefined): URLSearchParams {
  if (name === undefined) return query;
  const narrowed = new URLSearchParams(query);
  narrowed.set("fieldSelector", [`metadata.name=${name}`, ...query.getAll("fieldSelector")].join(","));
  return narrowed;
}
