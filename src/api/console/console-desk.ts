import type { FastifyReply } from "fastify";
import { withDeadline } from "../../runtime/deadline.ts";
import { StatusError } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { groupResource } from "../../schema/kind.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { ApiContext, ApiRequest } from "../kubernetes/context.ts";
import { notFound } from "../kubernetes/request-info.ts";
import type { Upgrades } from "../upgrades.ts";
import type { MessageSocket } from "../web-socket.ts";
import { type ConsoleRequest, chooseProtocol, readConsoleRequest } from "./console-request.ts";
import type { OpenedConsole } from "./consoles.ts";
import { ConsolePlaces, type TakenPlace } from "./places.ts";
import { relay } from "./relay.ts";

export interface ConsoleDeskOptions {
  readonly context: ApiContext;
  readonly upgrades: Upgrades;
  readonly logger: Logger;
}

const openMs = 15_000;
/** Each is a connection to a host of its own. */
const maxConsoles = 256;

/** Lets people to the consoles of machines, one at each. Closing it ends them all. */
export class ConsoleDesk {
  readonly #options: ConsoleDeskOptions;
  readonly #places = new ConsolePlaces(maxConsoles);
  readonly #closing = new AbortController();
  readonly #open = new Set<Promise<void>>();

  constructor(options: ConsoleDeskOptions) {
    this.#options = options;
  }

  async close(): Promise<void> {
    this.#closing.abort(new StatusError("ServiceUnavailable", "the server is shutting down"));
    await Promise.all(this.#open);
  }

  /**
   * Answers a request for a console: with an error, as any other, or by taking its connection over until the
   * console is over. A client that cannot take it over is told so last, so that it hears first of what would
   * keep it from the console anyway: kubectl asks a second time in another protocol, and shows that answer.
   */
  async serve(request: ApiRequest, reply: FastifyReply): Promise<FastifyReply> {
    this.#demandTyping(request, reply);
    const vm = await this.#machine(request);
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort(new Error("the client has gone")));
    const wanted = readConsoleRequest(request);
    using place = await this.#take(vm, request, wanted.force);
    const signal = AbortSignal.any([gone.signal, this.#closing.signal, place.signal]);
    await using terminal = await this.#openConsole(vm, wanted.force, signal);
    const socket = await this.#accept(reply);
    const session = this.#relay({ vm, request, reply, socket, terminal, signal, wanted });
    this.#open.add(session);
    await session.finally(() => this.#open.delete(session));
    return reply;
  }

  /**
   * A WebSocket is asked for with GET, which `get` allows; but who may only look at everything must not type
   * everywhere: as in Kubernetes since 1.35, `create` is needed too.
   */
  #demandTyping({ user }: ApiRequest, { request }: FastifyReply): void {
    const attributes = request.caller?.attributes;
    if (attributes?.type !== "resource") throw new StatusError("Forbidden", "this is no way to a console");
    this.#options.context.access.demand(user, { ...attributes, verb: "create" });
  }

  async #machine({ info }: ApiRequest): Promise<VirtualMachine> {
    const { namespace, name = "" } = info;
    const vm = await this.#options.context.store.get(VirtualMachineKind, { namespace, name });
    if (vm === undefined) throw notFound(info.kind, name);
    return vm;
  }

  #take(vm: VirtualMachine, { user }: ApiRequest, force: boolean): Promise<TakenPlace> {
    const viewer = { userName: user.name, since: this.#options.context.clock.now() };
    return this.#places.take({ uid: vm.metadata.uid ?? "", label: labelOf(vm), viewer, force });
  }

  #openConsole(vm: VirtualMachine, force: boolean, signal: AbortSignal): Promise<OpenedConsole> {
    const { clock, consoles } = this.#options.context;
    if (consoles === undefined) throw new StatusError("Unsupported", "this server has no way to consoles");
    const message = `the console of ${labelOf(vm)} was not opened within ${openMs / 1000} s`;
    const reason = () => new StatusError("Timeout", message);
    return withDeadline({ clock, lengthMs: openMs, signal, reason }, (limit) =>
      consoles.open(vm, { force }, limit),
    );
  }

  async #accept(reply: FastifyReply): Promise<MessageSocket> {
    const { raw, id, headers } = reply.request;
    const protocol = chooseProtocol(headers);
    const upgrade = this.#options.upgrades.of(raw);
    if (upgrade === undefined) throw new StatusError("BadRequest", "Upgrade request required: a WebSocket");
    // Loaded when first needed: it is a part of every start otherwise.
    const { acceptWebSocket } = await import("../web-socket.ts");
    const socket = await acceptWebSocket({
      request: raw,
      upgrade,
      protocol,
      headers: [`audit-id: ${id}`],
    });
    reply.hijack();
    reply.code(101);
    return socket;
  }

  async #relay(session: Session): Promise<void> {
    const { logger, context } = this.#options;
    const { vm, request, reply, socket, terminal, signal, wanted } = session;
    const { clock } = context;
    const fields = {
      auditId: reply.request.id,
      user: request.user.name,
      namespace: vm.metadata.namespace,
      machine: vm.metadata.name,
      uid: vm.metadata.uid,
    };
    logger.info("console opened", { ...fields, force: wanted.force });
    const startedAtMs = clock.monotonic();
    const { why, printedBytes, typedBytes } = await relay({
      clock,
      socket,
      terminal,
      signal,
      stdin: wanted.stdin,
    });
    const seconds = Math.round((clock.monotonic() - startedAtMs) / 1000);
    logger.info("console closed", { ...fields, why, seconds, printedBytes, typedBytes });
  }
}

interface Session {
  readonly vm: VirtualMachine;
  readonly request: ApiRequest;
  readonly reply: FastifyReply;
  readonly socket: MessageSocket;
  readonly terminal: OpenedConsole;
  readonly signal: AbortSignal;
  readonly wanted: ConsoleRequest;
}

function labelOf({ metadata }: VirtualMachine): string {
  return `${groupResource(VirtualMachineKind)} "${metadata.name}"`;
}
