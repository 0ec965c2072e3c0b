import t from "tap";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { throwsWith } from "../../testing/throws-with.ts";
import type { ApiRequest } from "./context.ts";
import { applierOf, fieldManagerOf } from "./field-manager.ts";
import type { Verb } from "./request-info.ts";

function request(
  query: Readonly<Record<string, string>>,
  userAgent?: string,
  verb: Verb = "patch",
): ApiRequest {
  return {
    info: { verb, kind: VirtualMachineKind, namespace: "default", name: "web", subresource: undefined },
    query: new URLSearchParams(query),
    headers: userAgent === undefined ? {} : { "user-agent": userAgent },
    body: "",
    user: { name: "admin", groups: [] },
    learnName: () => {},
  };
}

t.test("who writes is who the query says, or what the client calls itself", async (t) => {
  t.equal(fieldManagerOf(request({ fieldManager: "me" }, "kubectl/v1.32.0")), "me");
  t.equal(fieldManagerOf(request({}, "kubectl/v1.32.0 (linux/amd64)")), "kubectl");
  t.equal(fieldManagerOf(request({}, "My Tool")), "My Tool");
  t.equal(fieldManagerOf(request({}, "a\tb\u200bc/1")), "abc");
  t.equal(fieldManagerOf(request({}, "ä".repeat(100))), "ä".repeat(64), "128 bytes of it");
  t.equal(fieldManagerOf(request({ fieldManager: "" })), "unknown");
});

t.test("a manager is short and printable, and an applier is named", async (t) => {
  t.same(applierOf(request({ fieldManager: "me", force: "true" })), { manager: "me", force: true });
  t.same(applierOf(request({ fieldManager: "me", force: "false" })), { manager: "me", force: false });
  throwsWith(t, () => applierOf(request({}, "kubectl/1")), "Invalid", "is required for apply patch");
  const long = { fieldManager: "ä".repeat(65) };
  throwsWith(t, () => fieldManagerOf(request(long)), "Invalid", "PatchOptions.meta.k8s.io");
  throwsWith(t, () => fieldManagerOf(request(long, "", "create")), "Invalid", "CreateOptions.meta.k8s.io");
  throwsWith(
    t,
    () => fieldManagerOf(request({ fieldManager: "a\nb" }, "", "update")),
    "Invalid",
    "UpdateOptions",
  );
  throwsWith(t, () => fieldManagerOf(request({ force: "true" })), "Invalid", "force: Forbidden");
});
