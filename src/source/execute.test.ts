import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import type { Kind } from "../schema/kind.ts";
import { type Manifest, parseManifests } from "../schema/manifest.ts";
import type { ObjectKey, Resource } from "../schema/meta.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import type { Store } from "../store/store.ts";
import { openEngine } from "../testing/engine-fixture.ts";
import { machineYaml } from "../testing/source-fixture.ts";
import type { SourcePlan } from "./apply.ts";
import { executePlan } from "./execute.ts";

const signal = new AbortController().signal;

const all = `apiVersion: ostler.dev/v1
kind: Image
metadata: {name: i}
spec: {source: {file: /i}}
---
${machineYaml("vm")}---
apiVersion: ostler.dev/v1
kind: InstanceType
metadata: {name: t}
spec: {cpus: 1, memory: 1Gi}
---
apiVersion: v1
kind: Namespace
metadata: {name: n}
---
apiVersion: ostler.dev/v1
kind: Host
metadata: {name: h}
spec: {uri: "test:///default"}
`;

function planOf(text: string, more: Partial<SourcePlan> = {}): SourcePlan {
  const { manifests } = parseManifests(text, "a.yaml");
  const creates = manifests.map((manifest: Manifest) => ({ manifest, after: manifest.resource }));
  return { creates, updates: [], problems: [], accepted: manifests, prune: { type: "nothing" }, ...more };
}

/** The store, noting what is written to it in order. */
function noting(store: Store, notes: string[]): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name === "create") {
        return (kind: Kind, resource: Resource) => {
          notes.push(`+${kind.kind}`);
          return target.create(kind, resource);
        };
      }
      if (name === "delete") {
        return (kind: Kind, key: ObjectKey, options: object) => {
          notes.push(`-${kind.kind}`);
          return target.delete(kind, key, options);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

t.test("what others refer to is made first and deleted last", async (t) => {
  const { store } = await openEngine(t);
  const notes: string[] = [];
  t.equal((await executePlan(planOf(all), noting(store, notes), signal)).created, 5);
  t.strictSame(notes, ["+Namespace", "+Host", "+InstanceType", "+Image", "+VirtualMachine"]);
  notes.length = 0;
  const { manifests } = parseManifests(all, "a.yaml");
  const deletions = await Promise.all(
    manifests.map(async ({ kind, resource }) => {
      const { name, namespace } = resource.metadata;
      const object = await store.get(kind, { name, namespace });
      return { kind, object: object ?? resource };
    }),
  );
  const prune = { type: "delete", sighting: { hash: "", sinceMs: 0 }, deletions } as const;
  const outcome = await executePlan(planOf("", { prune }), noting(store, notes), signal);
  t.equal(outcome.deletions.length, 5);
  t.strictSame(notes, ["-VirtualMachine", "-Image", "-InstanceType", "-Host", "-Namespace"]);
});

t.test("what is refused is a problem of one object, what was there first a race", async (t) => {
  const { store } = await openEngine(t);
  const text = [machineYaml("a"), machineYaml("b").replace("  name: b", "  name: b\n  namespace: none")].join(
    "---\n",
  );
  await executePlan(planOf(machineYaml("a")), store, signal);
  const outcome = await executePlan(planOf(`${text}---\n${machineYaml("c")}`), store, signal);
  t.equal(outcome.created, 1);
  t.equal(outcome.races, 1);
  t.match(outcome.problems, [{ file: "a.yaml", line: 9, message: /namespaces "none" not found/ }]);
});

t.test("an object of another uid is not deleted", async (t) => {
  const { store } = await openEngine(t);
  await executePlan(planOf(machineYaml("a")), store, signal);
  const key = { namespace: "default", name: "a" };
  const object = await store.get(VirtualMachineKind, key);
  if (object === undefined) throw new Error("not created");
  const stale = { ...object, metadata: { ...object.metadata, uid: "00000000-0000-4000-8000-000000000000" } };
  const deletions = [{ kind: VirtualMachineKind, object: stale }];
  const prune = { type: "delete", sighting: { hash: "", sinceMs: 0 }, deletions } as const;
  t.match(await executePlan(planOf("", { prune }), store, signal), { races: 1, deletions: [] });
  t.strictSame(await store.get(VirtualMachineKind, key), object);
});

t.test("a store that is out of order ends the whole", async (t) => {
  const { store } = await openEngine(t);
  const broken = new Proxy(store, {
    get: (target, name) =>
      name === "create"
        ? () => Promise.reject(new StatusError("ServiceUnavailable", "the log failed"))
        : Reflect.get(target, name),
  });
  await t.rejects(executePlan(planOf(all), broken, signal), { message: "the log failed" });
});

t.test("nothing is written after it was called off", async (t) => {
  const { store } = await openEngine(t);
  await t.rejects(executePlan(planOf(all), store, AbortSignal.abort(new Error("stop"))), { message: "stop" });
  t.strictSame((await store.list(VirtualMachineKind)).items, []);
});

t.test("so many objects are written at once that one commit of them is a short turn", async (t) => {
  const { store } = await openEngine(t);
  let going = 0;
  let most = 0;
  const counting = new Proxy(store, {
    get: (target, name) =>
      name !== "create"
        ? Reflect.get(target, name)
        : async (kind: Kind, resource: Resource) => {
            going += 1;
            most = Math.max(most, going);
            const created = await target.create(kind, resource);
            going -= 1;
            return created;
          },
  });
  const names = Array.from({ length: 100 }, (_, index) => `vm-${index}`);
  const plan = planOf(names.map((name) => machineYaml(name)).join("---\n"));
  t.equal((await executePlan(plan, counting, signal)).created, 100);
  t.equal(most, 16);
});
