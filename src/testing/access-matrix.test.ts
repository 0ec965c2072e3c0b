import t from "tap";
import { RoleIndex } from "../api/auth/role-index.ts";
import { subresourcesOf } from "../api/kubernetes/subresources.ts";
import { defaultClusterRoleBindings, defaultClusterRoles } from "../schema/default-roles.ts";
import type { Kind } from "../schema/kind.ts";
import { NodeKind } from "../schema/node.ts";
import { PodKind } from "../schema/pod.ts";
import type { PolicyRule } from "../schema/rbac.ts";
import { kinds } from "../schema/scheme.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { startAccess } from "./access-fixture.ts";
import { type ReferenceGrant, type ReferenceQuestion, referenceAllows } from "./reference-access.ts";

const ours = "ostler.dev";
const custom: Readonly<Record<string, readonly PolicyRule[]>> = {
  starter: [{ verbs: ["update"], apiGroups: [ours], resources: ["virtualmachines/start"] }],
  named: [
    {
      verbs: ["get", "delete", "list"],
      apiGroups: [ours],
      resources: ["virtualmachines"],
      resourceNames: ["web"],
    },
  ],
  statuses: [{ verbs: ["get", "patch"], apiGroups: ["*"], resources: ["*/status"] }],
  wildcard: [{ verbs: ["*"], apiGroups: [ours], resources: ["*"] }],
  scaler: [{ verbs: ["update"], apiGroups: [ours], resources: ["virtualmachinepools/scale"] }],
  shell: [{ verbs: ["get", "create"], apiGroups: [""], resources: ["pods/attach"] }],
  core: [{ verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["*"] }],
};
const roleNames = [...defaultClusterRoles.map(({ metadata }) => metadata.name), ...Object.keys(custom)];

function rulesOf(name: string): readonly PolicyRule[] {
  return custom[name] ?? defaultClusterRoles.find(({ metadata }) => metadata.name === name)?.rules ?? [];
}

/** Each role once in a namespace, once everywhere, each given to a user of its own. */
const cases = roleNames.flatMap((role) => [
  { role, user: `a-${role}`.replaceAll(":", "-"), namespace: "a" },
  { role, user: `all-${role}`.replaceAll(":", "-"), namespace: undefined },
]);
const grants: readonly ReferenceGrant[] = [
  ...cases.map(({ role, user, namespace }) => ({
    who: { type: "user" as const, name: user },
    namespace,
    rules: rulesOf(role),
  })),
  ...defaultClusterRoleBindings.map(({ roleRef, subjects = [] }) => ({
    who: { type: "group" as const, name: subjects[0]?.name ?? "" },
    namespace: undefined,
    rules: rulesOf(roleRef.name),
  })),
];

interface Asked extends Omit<ReferenceQuestion, "user"> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
}

const deeds = [
  ["GET", "get", true],
  ["GET", "list", false],
  ["GET", "watch", false],
  ["POST", "create", false],
  ["PUT", "update", true],
  ["PATCH", "patch", true],
  ["DELETE", "delete", true],
  ["DELETE", "deletecollection", false],
] as const;

/** What may be asked of a part of an object; to open a console is to create one. */
const partDeeds = [["POST", "create"], ...deeds.filter(([, , named]) => named)] as const;

/** What is stored, and what machines and hosts are shown as. */
const served: readonly Kind[] = [...kinds, PodKind, NodeKind];

/** Every verb on every kind, in the namespace, in another one and outside of all, and on parts of objects. */
const questions: readonly Asked[] = [
  ...served.flatMap((kind) =>
    (kind.namespaced ? ["a", "b", undefined] : [undefined]).flatMap((ns) => onKind(kind, ns)),
  ),
  ...served.flatMap((kind) =>
    partsOf(kind).flatMap((part) =>
      (kind.namespaced ? ["a", "b"] : [undefined]).flatMap((ns) => onPart(kind, part, ns)),
    ),
  ),
];

/** Everything that has a path below that of an object. */
function partsOf(kind: Kind): readonly string[] {
  const explained = kind === VirtualMachineKind ? ["explain"] : [];
  return [...subresourcesOf(kind).map(({ name }) => name), ...explained];
}

function onKind(
  { group, version, plural, namespaced }: Kind,
  namespace: string | undefined,
): readonly Asked[] {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const place = namespace === undefined ? root : `${root}/namespaces/${namespace}`;
  return deeds.flatMap(([method, verb, named]) => {
    if (named && namespaced && namespace === undefined) return [];
    const query = verb === "watch" ? "?watch=1&timeoutSeconds=1" : "";
    const url = `${place}/${plural}${named ? "/web" : ""}${query}`;
    // A namespace is in itself.
    const where = plural === "namespaces" && named ? "web" : namespace;
    return [
      {
        method,
        url,
        verb,
        group,
        resource: plural,
        ...(where && { namespace: where }),
        ...(named && { name: "web" }),
      },
    ];
  });
}

function onPart(
  { group, version, plural: resource }: Kind,
  subresource: string,
  namespace: string | undefined,
): readonly Asked[] {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  // A namespace is in itself.
  const where = resource === "namespaces" ? "web" : namespace;
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  const url = `${root}${place}/${resource}/web/${subresource}`;
  return partDeeds.map(([method, verb]) => ({
    method,
    url,
    verb,
    group,
    resource,
    subresource,
    name: "web",
    ...(where && { namespace: where }),
  }));
}

const authenticated = ["system:authenticated"];

t.test("parts of objects are among what is asked for", async (t) => {
  const parts = new Set(
    questions.flatMap(({ resource, subresource }) => subresource && `${resource}/${subresource}`),
  );
  const some = ["status", "start", "stop", "restart", "pause", "unpause", "console", "explain"];
  const expected = [
    ...some.map((part) => `virtualmachines/${part}`),
    "virtualmachinepools/scale",
    "virtualmachinepools/status",
    "hosts/hostkey",
    "hosts/fence",
    "pods/attach",
    "pods/exec",
    "namespaces/status",
  ];
  for (const part of expected) t.ok(parts.has(part), part);
});

t.test("every cell of role, verb, resource and place is as a plain reading of the rules says", async (t) => {
  const index = new RoleIndex();
  const apiGroup = "rbac.authorization.k8s.io";
  for (const role of roleNames) index.putRole(undefined, role, rulesOf(role));
  for (const binding of defaultClusterRoleBindings) index.putBinding(binding);
  cases.forEach(({ role, user, namespace }, number) => {
    const shared = {
      apiVersion: `${apiGroup}/v1`,
      roleRef: { apiGroup, kind: "ClusterRole", name: role },
      subjects: [{ kind: "User", apiGroup, name: user }],
    } as const;
    const metadata = { name: `b${number}` };
    const subjects = [...shared.subjects];
    if (namespace === undefined)
      index.putBinding({ ...shared, subjects, kind: "ClusterRoleBinding", metadata });
    else index.putBinding({ ...shared, subjects, kind: "RoleBinding", metadata: { ...metadata, namespace } });
  });
  let cells = 0;
  let allowed = 0;
  const wrong: string[] = [];
  for (const { user: name } of cases) {
    const user = { name, groups: authenticated };
    for (const { method: _method, url, ...question } of questions) {
      const { subresource, namespace, name: object, ...deed } = question;
      const attributes = {
        type: "resource",
        version: "v1",
        ...deed,
        subresource,
        namespace,
        name: object,
      } as const;
      const found = index.decide(user, attributes).allowed;
      if (found !== referenceAllows(grants, { ...question, user }))
        wrong.push(`${name} ${question.verb} ${url}`);
      cells += 1;
      allowed += Number(found);
    }
  }
  t.same(wrong, []);
  t.ok(cells > 10_000, `${cells} cells`);
  t.ok(allowed > cells / 20 && allowed < (cells * 3) / 4, `${allowed} of them allowed`);
});

t.test("the same through the server: what is refused is refused before anything is looked at", async (t) => {
  const users = [
    "a-view",
    "a-edit",
    "all-edit",
    "a-admin",
    "all-cluster-admin",
    "a-starter",
    "a-named",
    "a-statuses",
    "a-scaler",
    "all-shell",
  ];
  await using access = await startAccess([...users, "nobody"]);
  for (const role of Object.keys(custom)) {
    await access.as("root+system:masters")("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", {
      body: { metadata: { name: role }, rules: custom[role] },
    });
  }
  for (const { role, user, namespace } of cases) {
    if (users.includes(user)) await access.bind(user, role, namespace);
  }
  let cells = 0;
  const wrong: string[] = [];
  for (const name of [...users, "nobody"]) {
    const user = { name, groups: authenticated };
    for (const { method, url, ...question } of questions) {
      const allowed = referenceAllows(grants, { ...question, user });
      // What is allowed and goes on for long, or would end what others need, is asked for as a trial.
      if (allowed && (question.verb === "watch" || question.resource.includes("role"))) continue;
      if (allowed && question.resource === "namespaces" && method === "DELETE") continue;
      const { code } = await access.as(name)(method, url, method === "GET" ? {} : { body: {} });
      if ((code === 403) === allowed) wrong.push(`${name} ${method} ${url}: ${code}`);
      cells += 1;
    }
  }
  t.same(wrong, []);
  t.ok(cells > 2000, `${cells} requests`);
});
