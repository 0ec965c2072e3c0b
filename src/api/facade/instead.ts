import { StatusError } from "../../runtime/errors.ts";
import { HostKind } from "../../schema/host.ts";
import type { Kind } from "../../schema/kind.ts";
import { NodeKind } from "../../schema/node.ts";
import { PodKind } from "../../schema/pod.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { RequestInfo } from "../kubernetes/request-info.ts";

const refusedParts = ["log", "portforward", "eviction"].map((name) => ({ name }));

/** What pods elsewhere have below them, and these have not: who asks for it is told what to do instead. */
export function refusedPartsOf(kind: Kind): readonly { readonly name: string }[] {
  return kind === PodKind ? refusedParts : [];
}

/** Why what pods and nodes are asked for cannot be, and what to do instead; undefined for other kinds. */
export function insteadOf(info: RequestInfo): StatusError | undefined {
  const { kind, subresource } = info;
  if (kind !== PodKind && kind !== NodeKind) return undefined;
  if (subresource === "log") return new StatusError("BadRequest", whyNoLogs(info));
  if (subresource === "portforward") return new StatusError("BadRequest", whyNoPorts(info));
  const isEnd = info.name !== undefined && (info.verb === "delete" || subresource === "eviction");
  if (subresource !== undefined && !isEnd) return undefined;
  if (kind === PodKind && isEnd) return new StatusError("MethodNotAllowed", whyNotEvicted(info));
  return new StatusError("MethodNotAllowed", whereElse(info));
}

function whyNoLogs(info: RequestInfo): string {
  const { name = "" } = info;
  const where = flagOf(info);
  return (
    "what virtual machines print is not kept anywhere; to see what is printed from now on: " +
    `kubectl attach ${name}${where}, or ostler console ${name}${where}`
  );
}

function whyNoPorts(info: RequestInfo): string {
  return (
    "ports of virtual machines are not forwarded: use the guest's own address; " +
    `its serial console is ostler console ${info.name}${flagOf(info)}`
  );
}

function whyNotEvicted(info: RequestInfo): string {
  const { name } = info;
  const where = flagOf(info);
  return (
    `pod "${name}" is virtual machine "${name}", which cannot be moved while it runs: ` +
    `ostler stop ${name}${where} stops it, kubectl delete vm ${name}${where} removes it, ` +
    "and ostler plan --drain HOST tells where the machines of a host could go"
  );
}

function whereElse(info: RequestInfo): string {
  const { kind, name } = info;
  const source = kind === PodKind ? VirtualMachineKind : HostKind;
  const short = kind === PodKind ? "vm" : "host";
  if (name === undefined) return `${kind.plural} are shown, not kept: use ${source.plural} instead`;
  const object = `kubectl ${info.verb === "delete" ? "delete" : "edit"} ${short} ${name}${flagOf(info)}`;
  return `${kind.singular} "${name}" is shown, not kept: it is ${source.singular} "${name}" (${object})`;
}

function flagOf({ namespace }: RequestInfo): string {
  return namespace === undefined || namespace === "default" ? "" : ` -n ${namespace}`;
}
