import { StatusError } from "../../../runtime/errors.ts";
import type { RpcConnection } from "./connection.ts";
import {
  type EventFamily,
  type EventLayout,
  type EventType,
  eventLayouts,
  type LibvirtEvent,
  registration,
} from "./event-layouts.ts";
import type { CallOptions } from "./pending-call.ts";
import { XdrError, type XdrReader } from "./xdr.ts";

/** Gets an event. It runs between the routing of answers: it must be quick and must not throw. */
export type EventListener = (event: LibvirtEvent) => void;

/** A listener's tie to the daemon. */
export interface Subscription {
  /** Ends it: no event is delivered from now on, and the daemon is told. */
  cancel(options?: CallOptions): Promise<void>;
}

interface Early {
  readonly key: string;
  readonly event: LibvirtEvent;
}

/** Events beyond this are dropped that wait for a reader, or for the reply that tells whose they are. */
const maxWaiting = 10_000;

/**
 * Hands events to listeners. Events are hints: they come before or after the reply of the call that caused
 * them, and what happened while there was no connection is never told.
 */
export class EventHub {
  readonly #connection: () => RpcConnection;
  readonly #listeners = new Map<string, EventListener>();
  readonly #layouts = new Map<number, EventLayout<LibvirtEvent>>();
  #registering = 0;
  #early: Early[] = [];

  constructor(connection: () => RpcConnection) {
    this.#connection = connection;
    for (const layout of eventLayouts) this.#layouts.set(layout.procedure, layout);
  }

  /** Calls `listener` for each event of this type, on all objects, until cancelled or the connection ends. */
  async subscribe(type: EventType, listener: EventListener, options?: CallOptions): Promise<Subscription> {
    const { family, eventId } = layoutOf(type);
    this.#registering += 1;
    try {
      const { register } = registration[family];
      const { callbackId } = await this.#connection().call(register, { eventId }, options);
      const key = keyOf(family, callbackId);
      this.#listeners.set(key, listener);
      this.#deliverEarly(key);
      return { cancel: (cancelOptions) => this.#cancel(family, callbackId, cancelOptions) };
    } finally {
      this.#registering -= 1;
      if (this.#registering === 0) this.#early = [];
    }
  }

  /**
   * All events of these types. The registrations are made when iteration begins; it ends when `signal` aborts
   * and throws `HostUnreachable` when the connection ends. A reader that lags gets `lost` instead.
   */
  async *watch(
    types: readonly EventType[],
    signal: AbortSignal,
  ): AsyncGenerator<LibvirtEvent, void, undefined> {
    const queue = new EventQueue();
    const connection = this.#connection();
    const onAbort = (): void => queue.stop();
    signal.addEventListener("abort", onAbort, { once: true });
    void connection.closed.then((reason) => {
      queue.fail(
        new StatusError("HostUnreachable", `${connection.label}: ${reason.message}`, { cause: reason }),
      );
    });
    const subscriptions: Subscription[] = [];
    try {
      for (const type of types) subscriptions.push(await this.subscribe(type, queue.push, { signal }));
      yield* queue.read();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      // Not awaited: whoever stops listening need not wait for a daemon that may hang.
      for (const subscription of subscriptions) subscription.cancel().catch(() => undefined);
    }
  }

  /** Takes a message from the connection. What cannot be read becomes `lost`. */
  receive(procedure: number, payload: XdrReader): void {
    const layout = this.#layouts.get(procedure);
    if (layout === undefined || payload.remaining < 4) return;
    const key = keyOf(layout.family, payload.int());
    const event = readEvent(layout, payload);
    const listener = this.#listeners.get(key);
    if (listener) listener(event);
    else if (this.#registering > 0 && this.#early.length < maxWaiting) this.#early.push({ key, event });
  }

  #deliverEarly(key: string): void {
    const early = this.#early.filter((item) => item.key === key);
    this.#early = this.#early.filter((item) => item.key !== key);
    for (const { event } of early) this.#listeners.get(key)?.(event);
  }

  async #cancel(family: EventFamily, callbackId: number, options?: CallOptions): Promise<void> {
    if (!this.#listeners.delete(keyOf(family, callbackId))) return;
    await this.#connection().call(registration[family].deregister, { callbackId }, options);
  }
}

class EventQueue {
  #events: LibvirtEvent[] = [];
  #end: "open" | "stopped" | Error = "open";
  #wake: () => void = () => undefined;

  readonly push = (event: LibvirtEvent): void => {
    if (this.#events.length >= maxWaiting) this.#events = [{ type: "lost" }];
    this.#events.push(event);
    this.#wake();
  };

  /** Nobody listens any more: what waits is dropped. */
  stop(): void {
    this.#events = [];
    this.#end = "stopped";
    this.#wake();
  }

  /** No more will come: what waits is still delivered. */
  fail(error: Error): void {
    if (this.#end === "open") this.#end = error;
    this.#wake();
  }

  async *read(): AsyncGenerator<LibvirtEvent, void, undefined> {
    for (;;) {
      const events = this.#events;
      this.#events = [];
      for (const event of events) {
        if (this.#end === "stopped") return;
        yield event;
      }
      if (this.#end === "stopped") return;
      if (this.#events.length > 0) continue;
      if (this.#end instanceof Error) throw this.#end;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function readEvent(layout: EventLayout<LibvirtEvent>, payload: XdrReader): LibvirtEvent {
  try {
    const event = layout.read(payload);
    payload.finish();
    return event;
  } catch (error) {
    if (error instanceof XdrError) return { type: "lost" };
    throw error;
  }
}

function layoutOf(type: EventType): EventLayout<LibvirtEvent> {
  for (const layout of eventLayouts) if (layout.type === type) return layout;
  throw new StatusError("Unsupported", `no event ${type}`);
}

function keyOf(family: EventFamily, callbackId: number): string {
  return `${family} ${callbackId}`;
}
