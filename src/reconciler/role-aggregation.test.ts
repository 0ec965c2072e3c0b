import t from "tap";
import { type ClusterRole, ClusterRoleKind } from "../schema/rbac.ts";
import { openEngine } from "../testing/engine-fixture.ts";
import { roleAggregation } from "./role-aggregation.ts";

const role = (name: string, labels: Record<string, string>, urls: readonly string[]): ClusterRole => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name, labels },
  rules: urls.map((url) => ({ verbs: ["get"], nonResourceURLs: [url] })),
});

t.test("a role follows those that it gathers, through each other", async (t) => {
  const engine = await openEngine(t);
  const { store, clock } = engine;
  const gathering = (name: string, labels: Record<string, string>, label: string): ClusterRole => ({
    ...role(name, labels, ["/stale"]),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: "yes" } }] },
  });
  await store.create(ClusterRoleKind, role("one", { small: "yes" }, ["/one"]));
  await store.create(ClusterRoleKind, gathering("small", { big: "yes" }, "small"));
  await store.create(ClusterRoleKind, gathering("big", {}, "big"));
  await engine.run(roleAggregation(engine));
  const urlsOf = async (name: string) =>
    (await store.get(ClusterRoleKind, { name }))?.rules?.flatMap((rule) => rule.nonResourceURLs);
  t.same(await urlsOf("big"), ["/one"]);
  await store.create(ClusterRoleKind, role("two", { small: "yes" }, ["/two"]));
  await clock.advance(1000);
  t.same(await urlsOf("big"), ["/one", "/two"]);
  await store.delete(ClusterRoleKind, { name: "one" });
  await clock.advance(1000);
  t.same(await urlsOf("big"), ["/two"]);
});
