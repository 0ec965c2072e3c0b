import t from "tap";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { throwsWith } from "../../testing/throws-with.ts";
import type { ApiRequest } from "./context.ts";
import { isApply, patcherOf } from "./patchers.ts";

function request(type?: string): ApiRequest {
  return {
    info: {
      verb: "patch",
      kind: VirtualMachineKind,
      namespace: "default",
      name: "web",
      subresource: undefined,
    },
    query: new URLSearchParams(),
    headers: type === undefined ? {} : { "content-type": type },
    body: "",
    user: { name: "admin", groups: [] },
    learnName: () => {},
  };
}

t.test("the content type says what a patch is", async (t) => {
  const target = { spec: { disks: [{ name: "a", size: "1Gi" }] } };
  const patch = { spec: { disks: [{ name: "b" }] } };
  const merged = patcherOf(request("application/merge-patch+json; charset=utf-8"))(target, patch);
  t.same(merged, { spec: { disks: [{ name: "b" }] } });
  const strategic = patcherOf(request("application/strategic-merge-patch+json"))(target, patch);
  t.same(strategic, { spec: { disks: [{ name: "a", size: "1Gi" }, { name: "b" }] } });
  const operation = { op: "remove", path: "/spec/disks" };
  t.same(patcherOf(request("application/json-patch+json"))(target, [operation]), { spec: {} });
});

t.test("an apply is no patch of what is there, and other types are none at all", async (t) => {
  t.ok(isApply(request("application/apply-patch+yaml")));
  t.notOk(isApply(request("application/merge-patch+json")));
  for (const type of [
    "application/apply-patch+yaml",
    "application/apply-patch+cbor",
    "application/json",
    undefined,
  ]) {
    throwsWith(t, () => patcherOf(request(type)), "UnsupportedMediaType", "merge-patch+json");
  }
});
