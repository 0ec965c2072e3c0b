import { StatusError } from "../../runtime/errors.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { ApiRequest } from "../kubernetes/context.ts";
import { isTrue, type RequestInfo } from "../kubernetes/request-info.ts";
import { channelProtocols } from "./channels.ts";

/** The path below a machine at which its serial console is. */
export const consoleSubresource = "console";

/** How somebody wants to be at a console. */
export interface ConsoleRequest {
  /** Whether what the client types reaches the guest. */
  readonly stdin: boolean;
  readonly force: boolean;
}

export function isConsole({ kind, subresource }: RequestInfo): boolean {
  return kind.kind === VirtualMachineKind.kind && subresource === consoleSubresource;
}

/** Throws `BadRequest` for what no console can be, `Forbidden` for a page of another site. */
export function readConsoleRequest({
  query,
  headers,
}: Pick<ApiRequest, "query" | "headers">): ConsoleRequest {
  assertOrigin(headers.origin, headers.host);
  if (headers.upgrade === undefined) {
    throw new StatusError("BadRequest", "Upgrade request required: a console is a WebSocket");
  }
  return { stdin: true, force: isTrue(query.get("force")) };
}

/** Browsers say whose page asks; nobody else says anything. */
function assertOrigin(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined || (host !== undefined && hostOf(origin) === host.toLowerCase())) return;
  throw new StatusError("Forbidden", "a page of another site may not open consoles");
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** Of the protocols that the client offers the one to speak. Throws `BadRequest` when it is none of ours. */
export function chooseProtocol(headers: ApiRequest["headers"]): string {
  const { upgrade = "nothing" } = headers;
  if (upgrade.toLowerCase() !== "websocket") {
    const message =
      `a console speaks WebSocket, not ${upgrade.slice(0, 32)}: use ostler console, kubectl 1.31 or newer, ` +
      "or kubectl 1.29 or 1.30 with KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true";
    throw new StatusError("BadRequest", message);
  }
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const protocol = channelProtocols.find((name) => offered.includes(name));
  if (protocol !== undefined) return protocol;
  const known = channelProtocols.join(" or ");
  const message = `a console speaks ${known}: offer one of them as the WebSocket's subprotocol`;
  throw new StatusError("BadRequest", message);
}
