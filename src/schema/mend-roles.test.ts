import t from "tap";
import { autoUpdateAnnotation, defaultClusterRoleBindings, defaultClusterRoles } from "./default-roles.ts";
import { aggregateRole, mendBinding, mendRole } from "./mend-roles.ts";
import type { ClusterRole } from "./rbac.ts";

const [wanted] = defaultClusterRoles.filter(({ metadata }) => metadata.name === "system:basic-user");
const [binding] = defaultClusterRoleBindings;
if (wanted === undefined || binding === undefined) throw new Error("no defaults");

t.test("a default role that is whole is left alone", async (t) => {
  for (const role of defaultClusterRoles) t.equal(mendRole(role, role), undefined, role.metadata.name);
  const more = { ...wanted, rules: [...(wanted.rules ?? []), { verbs: ["get"], nonResourceURLs: ["/x"] }] };
  t.equal(mendRole(more, wanted), undefined, "what people added stays");
});

t.test("what a default role lacks is put back, unless people have said no", async (t) => {
  const poorer = { ...wanted, rules: (wanted.rules ?? []).slice(1) };
  t.equal(mendRole(poorer, wanted)?.rules?.length, wanted.rules?.length);
  const bare = { ...wanted, metadata: { name: wanted.metadata.name } };
  t.match(mendRole(bare, wanted)?.metadata.labels, wanted.metadata.labels);
  const kept = {
    ...poorer,
    metadata: { ...poorer.metadata, annotations: { [autoUpdateAnnotation]: "false" } },
  };
  t.equal(mendRole(kept, wanted), undefined);
});

t.test("what a default binding lacks is put back, unless people have said no", async (t) => {
  t.equal(mendBinding(binding, binding), undefined);
  const empty = { ...binding, subjects: [] };
  t.same(mendBinding(empty, binding)?.subjects, binding.subjects);
  const kept = {
    ...empty,
    metadata: { ...empty.metadata, annotations: { [autoUpdateAnnotation]: "false" } },
  };
  t.equal(mendBinding(kept, binding), undefined);
});

t.test("a role gathers the rules of those it chooses, never its own", async (t) => {
  const role = (name: string, labels: Record<string, string>, url: string): ClusterRole => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name, labels },
    rules: [{ verbs: ["get"], nonResourceURLs: [url] }],
  });
  const gathering = {
    ...role("all", { in: "yes" }, "/old"),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { in: "yes" } }] },
  };
  const all = [
    role("b", { in: "yes" }, "/b"),
    role("a", { in: "yes" }, "/a"),
    role("c", {}, "/c"),
    gathering,
  ];
  const gathered = aggregateRole(gathering, all);
  t.same(
    gathered?.rules?.flatMap(({ nonResourceURLs }) => nonResourceURLs),
    ["/a", "/b"],
  );
  t.equal(aggregateRole(gathered ?? gathering, all), undefined);
  t.equal(aggregateRole(role("plain", {}, "/x"), all), undefined);
});

t.test("the default roles are what gathering makes of them", async (t) => {
  for (const role of defaultClusterRoles) {
    t.equal(aggregateRole(role, defaultClusterRoles), undefined, role.metadata.name);
  }
});
