import t from "tap";
import { kinds } from "../../schema/scheme.ts";
import { isDestructive } from "./destructive.ts";
import { parseRequest } from "./request-info.ts";
import { viewKinds } from "./view-store.ts";

const vm = "/apis/ostler.dev/v1/namespaces/a/virtualmachines";
const rbac = "/apis/rbac.authorization.k8s.io/v1";

const parts = ["status", "start", "stop", "restart", "anything-new", "console", "hostkey"];
const partsOf = () => parts.map((name) => ({ name }));

t.test(
  "what ends something, acts outside or lets somebody in is written down before it is done",
  async (t) => {
    const cases = [
      ["GET", `${vm}/web`, false],
      ["POST", vm, false],
      ["PUT", `${vm}/web`, false],
      ["PATCH", `${vm}/web/status`, false],
      ["PUT", `${vm}/web/start`, false],
      ["DELETE", `${vm}/web`, true],
      ["DELETE", vm, true],
      ["PUT", `${vm}/web/stop`, true],
      ["PUT", `${vm}/web/restart`, true],
      ["PUT", `${vm}/web/anything-new`, true],
      ["GET", `${vm}/web/console`, true],
      ["GET", "/apis/ostler.dev/v1/hosts/h1/hostkey", false],
      ["PUT", "/apis/ostler.dev/v1/hosts/h1/hostkey", true],
      ["POST", "/apis/ostler.dev/v1/accesstokens", true],
      ["GET", "/apis/ostler.dev/v1/accesstokens", false],
      ["POST", "/apis/ostler.dev/v1/usercertificates", true],
      ["POST", `${rbac}/clusterrolebindings`, true],
      ["PATCH", `${rbac}/namespaces/a/roles/r`, true],
    ] as const;
    for (const [method, path, wanted] of cases) {
      const line = { method, path, query: new URLSearchParams() };
      const info = parseRequest([...kinds, ...viewKinds], line, partsOf);
      t.equal(isDestructive(info), wanted, `${method} ${path}`);
    }
  },
);
