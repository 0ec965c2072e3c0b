import t from "tap";
import { NodeKind } from "../../schema/node.ts";
import { PodKind } from "../../schema/pod.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { RequestInfo, Verb } from "../kubernetes/request-info.ts";
import { insteadOf, refusedPartsOf } from "./instead.ts";

const about = (kind: RequestInfo["kind"], verb: Verb, place: Partial<RequestInfo> = {}): RequestInfo => ({
  kind,
  verb,
  namespace: undefined,
  name: undefined,
  subresource: undefined,
  ...place,
});
const web = { namespace: "team", name: "web" };
const own = { namespace: "default", name: "web" };

t.test("who asks of a pod or node what it has not is told what to do instead", async (t) => {
  const cases = [
    [
      about(PodKind, "get", { ...web, subresource: "log" }),
      "BadRequest",
      /kubectl attach web -n team, or ostler console web -n team/,
    ],
    [about(PodKind, "get", { ...own, subresource: "log" }), "BadRequest", /ostler console web$/],
    [about(PodKind, "create", { ...web, subresource: "portforward" }), "BadRequest", /guest's own address/],
    [
      about(PodKind, "create", { ...web, subresource: "eviction" }),
      "MethodNotAllowed",
      /ostler stop web -n team stops it/,
    ],
    [
      about(PodKind, "delete", web),
      "MethodNotAllowed",
      /kubectl delete vm web -n team removes it.*--drain HOST/,
    ],
    [
      about(PodKind, "deletecollection"),
      "MethodNotAllowed",
      /pods are shown, not kept: use virtualmachines instead/,
    ],
    [about(PodKind, "create"), "MethodNotAllowed", /use virtualmachines instead/],
    [
      about(PodKind, "patch", web),
      "MethodNotAllowed",
      /it is virtualmachine "web" \(kubectl edit vm web -n team\)/,
    ],
    [
      about(NodeKind, "delete", { name: "h1" }),
      "MethodNotAllowed",
      /it is host "h1" \(kubectl delete host h1\)/,
    ],
  ] as const;
  for (const [info, reason, message] of cases) t.match(insteadOf(info), { reason, message });
});

t.test("of other kinds, and of parts that nobody knows, there is nothing to say", async (t) => {
  t.equal(insteadOf(about(VirtualMachineKind, "create", { ...web, subresource: "log" })), undefined);
  t.equal(insteadOf(about(PodKind, "get", { ...web, subresource: "nothing" })), undefined);
  t.same(refusedPartsOf(VirtualMachineKind), []);
});
