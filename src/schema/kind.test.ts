import t from "tap";
import { HostKind } from "./host.ts";
import { apiVersionOf, groupResource } from "./kind.ts";
import { NamespaceKind } from "./namespace.ts";

t.test("the core group has no name of its own", async (t) => {
  t.equal(apiVersionOf(NamespaceKind), "v1");
  t.equal(groupResource(NamespaceKind), "namespaces");
  t.equal(apiVersionOf(HostKind), "ostler.dev/v1");
  t.equal(groupResource(HostKind), "hosts.ostler.dev");
});
