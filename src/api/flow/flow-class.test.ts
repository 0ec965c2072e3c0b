import t from "tap";
import { flowOf } from "./flow-class.ts";

const machines = "/apis/ostler.dev/v1/namespaces/default/virtualmachines";
const leases = "/apis/coordination.k8s.io/v1/namespaces/ostler-system/leases";

const cases: readonly (readonly [method: string, url: string, flowClass: string])[] = [
  ["GET", `${machines}/web`, "reads"],
  ["HEAD", `${machines}/web`, "reads"],
  ["GET", `${machines}/web/status`, "reads"],
  ["GET", "/apis/ostler.dev/v1/hosts/h1", "reads"],
  ["GET", "/api/v1/namespaces/default", "reads"],
  ["GET", "/api/v1/namespaces/default/", "reads"],
  ["GET", "/api/v1/namespaces/default/status", "reads"],
  ["GET", "/apis", "reads"],
  ["GET", "/apis/ostler.dev/v1", "reads"],
  ["GET", "/openapi/v3", "reads"],
  ["GET", "/version?watch=true", "watches"],
  ["GET", machines, "lists"],
  ["HEAD", machines, "lists"],
  ["GET", `${machines}/?limit=500`, "lists"],
  ["GET", `${machines}?watch=false`, "lists"],
  ["GET", `${machines}?unwatch=true`, "lists"],
  ["GET", "/apis/ostler.dev/v1/hosts", "lists"],
  ["GET", "/apis/ostler.dev/v1/virtualmachines", "lists"],
  ["GET", "/api/v1/namespaces", "lists"],
  ["GET", "/api/v1/namespaces/default/events", "lists"],
  ["GET", `${machines}/web/console?force=true`, "watches"],
  ["GET", `${machines}/web/consoles`, "reads"],
  ["GET", "/api/v1/namespaces/default/pods/web/attach?tty=true", "watches"],
  ["POST", "/api/v1/namespaces/default/pods/web/exec?command=ls", "watches"],
  ["GET", `${machines}?watch=true`, "watches"],
  ["GET", `${machines}?a=b&watch`, "watches"],
  ["GET", `${machines}/web?watch=1&a=b`, "watches"],
  ["POST", machines, "writes"],
  ["POST", `${machines}?watch=true`, "writes"],
  ["PUT", `${machines}/web/start`, "writes"],
  ["PATCH", `${machines}/web/status`, "writes"],
  ["DELETE", machines, "writes"],
  ["POST", leases, "system"],
  ["GET", `${leases}/controller`, "system"],
  ["PUT", `${leases}/controller`, "system"],
  ["GET", leases, "lists"],
  ["GET", `${leases}?watch=true`, "watches"],
  ["GET", "/metrics", "system"],
  ["GET", `${machines}/leases`, "reads"],
];

t.test("a request's class follows from its method and URL", async (t) => {
  for (const [method, url, flowClass] of cases) {
    t.equal(flowOf(method, url).flowClass, flowClass, `${method} ${url}`);
  }
});

t.test("a list tells what it is of, how much of it it asks for, and whether that is all", async (t) => {
  const { POSITIVE_INFINITY: all } = Number;
  t.match(flowOf("GET", machines), { collection: machines, limit: all, whole: true });
  t.match(flowOf("GET", `${machines}?resourceVersion=0`), { collection: machines, limit: all, whole: true });
  t.match(flowOf("GET", `${machines}?limit=50`), { collection: machines, limit: 50, whole: false });
  t.match(flowOf("GET", `${machines}?limit=0`), { limit: all });
  t.match(flowOf("GET", `${machines}?a=b&labelSelector=x`), { limit: all, whole: false });
});
