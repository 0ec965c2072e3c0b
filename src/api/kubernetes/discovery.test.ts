import t from "tap";
import { kinds } from "../../schema/scheme.ts";
import { aggregatedDiscovery, coreVersions, groupList, groupNamed, resourceList } from "./discovery.ts";

t.test("aggregated discovery has the core group by itself, and all others by name", async (t) => {
  const core = aggregatedDiscovery(kinds, "core", "v2");
  t.match(core, {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    items: [{ metadata: {}, versions: [{ version: "v1", freshness: "Current" }] }],
  });
  const text = JSON.stringify(aggregatedDiscovery(kinds, "named", "v2beta1"));
  t.match(text, '"apiVersion":"apidiscovery.k8s.io/v2beta1"');
  t.match(text, '"metadata":{"name":"ostler.dev"}');
  t.notMatch(text, '"resource":"namespaces"');
});

t.test("a resource tells its names, scope and subresources", async (t) => {
  const text = JSON.stringify(aggregatedDiscovery(kinds, "named", "v2"));
  t.match(text, '"resource":"virtualmachines"');
  t.match(text, '"singularResource":"virtualmachine"');
  t.match(text, '"shortNames":["vm","vms"]');
  for (const name of ["status", "start", "stop", "restart"]) t.match(text, `"subresource":"${name}"`);
});

t.test("the plain forms say the same to older clients", async (t) => {
  t.match(coreVersions(kinds), { kind: "APIVersions", versions: ["v1"] });
  t.match(JSON.stringify(groupList(kinds)), '"name":"coordination.k8s.io"');
  t.match(groupNamed(kinds, "ostler.dev"), {
    kind: "APIGroup",
    preferredVersion: { groupVersion: "ostler.dev/v1", version: "v1" },
  });
  t.equal(groupNamed(kinds, "nothing"), undefined);
  t.equal(groupNamed(kinds, ""), undefined);
  const list = JSON.stringify(resourceList(kinds, "ostler.dev/v1"));
  t.match(list, '"name":"virtualmachines","singularName":"virtualmachine","namespaced":true');
  t.match(list, '"name":"virtualmachines/start"');
  t.equal(resourceList(kinds, "ostler.dev/v2"), undefined);
});
