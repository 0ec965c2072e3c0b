import { StatusError } from "../../runtime/errors.ts";
import { PodKind } from "../../schema/pod.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { ApiRequest } from "../kubernetes/context.ts";
import { isTrue, type RequestInfo } from "../kubernetes/request-info.ts";
import { channelProtocols } from "./channels.ts";

/** The path below a machine at which its serial console is. */
export const consoleSubresource = "console";
/** Those below a pod, which is a machine in disguise. */
export const attachSubresource = "attach";
export const execSubresource = "exec";

/** How somebody wants to be at a console. */
export interface ConsoleRequest {
  /** Whether what the client types reaches the guest. */
  readonly stdin: boolean;
  readonly force: boolean;
}

export function isConsole({ kind, subresource }: RequestInfo): boolean {
  if (kind.kind === VirtualMachineKind.kind) return subresource === consoleSubresource;
  if (kind.kind !== PodKind.kind) return false;
  return subresource === attachSubresource || subresource === execSubresource;
}

interface Asked extends Pick<ApiRequest, "query" | "headers"> {
  readonly info: Pick<RequestInfo, "subresource" | "name">;
}

/** Throws `BadRequest` for what no console can be, `Forbidden` for a page of another site. */
export function readConsoleRequest({ info, query, headers }: Asked): ConsoleRequest {
  assertOrigin(headers.origin, headers.host);
  if (headers.upgrade === undefined) {
    throw new StatusError("BadRequest", "Upgrade request required: a console is a WebSocket");
  }
  const isPod = info.subresource !== consoleSubresource;
  if (isPod) assertContainer(info, query);
  return { stdin: !isPod || isTrue(query.get("stdin")), force: isTrue(query.get("force")) };
}

/** A pod's one container is its console, in which no programs can be started. */
function assertContainer({ subresource, name = "" }: Asked["info"], query: URLSearchParams): void {
  if (subresource === execSubresource) {
    const message = `no command can be run in a virtual machine from outside: kubectl attach -it ${name}`;
    throw new StatusError("BadRequest", message);
  }
  const container = query.get("container") ?? "";
  if (container === "" || container === "console") return;
  throw new StatusError("BadRequest", `container ${container} is not valid for pod ${name}: it is "console"`);
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
