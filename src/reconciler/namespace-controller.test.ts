import t from "tap";
import { type Event, EventKind } from "../schema/event.ts";
import { type Lease, LeaseKind } from "../schema/lease.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { type Engine, openEngine } from "../testing/engine-fixture.ts";
import { namespaceController } from "./namespace-controller.ts";

const kinds = [LeaseKind, EventKind, NamespaceKind];

function lease(namespace: string, name: string, finalizers: readonly string[] = []): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { namespace, name, finalizers: [...finalizers] },
  };
}

function event(namespace: string, name: string): Event {
  return { apiVersion: "v1", kind: "Event", metadata: { namespace, name }, involvedObject: {} };
}

const team = { name: "team" };

async function start(engine: Engine): Promise<void> {
  await engine.addNamespace("team");
  await engine.run(namespaceController({ ...engine, kinds }));
}

t.test("a namespace says in which phase it is", async (t) => {
  const engine = await openEngine(t);
  await start(engine);
  t.match(await engine.store.get(NamespaceKind, team), { status: { phase: "Active" } });
});

t.test("a deleted namespace is emptied and then gone; others are left alone", async (t) => {
  const engine = await openEngine(t);
  await start(engine);
  for (let index = 0; index < 150; index += 1)
    await engine.store.create(LeaseKind, lease("team", `l${index}`));
  await engine.store.create(EventKind, event("team", "e"));
  await engine.store.create(LeaseKind, lease("default", "kept"));
  await engine.store.delete(NamespaceKind, team);
  await engine.clock.advance(10_000);
  t.equal(await engine.store.get(NamespaceKind, team), undefined);
  t.strictSame((await engine.store.list(EventKind)).items, []);
  t.match((await engine.store.list(LeaseKind)).items, [{ metadata: { name: "kept" } }]);
  t.ok(await engine.store.get(NamespaceKind, { name: "default" }));
});

t.test("it stays while something in it has a finalizer, and goes soon after that is gone", async (t) => {
  const engine = await openEngine(t);
  await start(engine);
  const held = await engine.store.create(LeaseKind, lease("team", "held", ["example.com/hold"]));
  await engine.store.delete(NamespaceKind, team);
  await engine.clock.advance(600_000);
  t.match(await engine.store.get(NamespaceKind, team), { status: { phase: "Terminating" } });
  t.match(await engine.store.get(LeaseKind, { namespace: "team", name: "held" }), {
    metadata: { deletionTimestamp: String },
  });
  const { resourceVersion: _, ...metadata } = held.metadata;
  await engine.store.update(LeaseKind, { ...held, metadata: { ...metadata, finalizers: [] } });
  await engine.clock.settle();
  t.equal(await engine.store.get(NamespaceKind, team), undefined);
});

t.test("a finalizer of somebody else keeps the empty namespace", async (t) => {
  const engine = await openEngine(t);
  await engine.store.create(NamespaceKind, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "team", finalizers: ["example.com/hold"] },
  });
  await engine.run(namespaceController({ ...engine, kinds }));
  await engine.store.delete(NamespaceKind, team);
  await engine.clock.advance(10_000);
  t.strictSame((await engine.store.get(NamespaceKind, team))?.metadata.finalizers, ["example.com/hold"]);
});

t.test("a namespace that was being deleted when the controller started is finished", async (t) => {
  const engine = await openEngine(t);
  await engine.addNamespace("team");
  await engine.store.create(LeaseKind, lease("team", "l"));
  await engine.store.delete(NamespaceKind, team);
  await engine.run(namespaceController({ ...engine, kinds }));
  await engine.clock.advance(10_000);
  t.equal(await engine.store.get(NamespaceKind, team), undefined);
});

t.test("what holds it up is told, and what could not be deleted", async (t) => {
  const engine = await openEngine(t);
  let isBroken = true;
  const store = new Proxy(engine.store, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (property === "delete" && args[0] === EventKind && isBroken) throw new Error("no room");
        return Reflect.apply(value, target, args);
      };
    },
  });
  await engine.addNamespace("team");
  await engine.run(namespaceController({ ...engine, store, kinds }));
  await engine.store.create(EventKind, event("team", "e"));
  await engine.store.create(LeaseKind, lease("team", "held", ["example.com/hold"]));
  await engine.store.create(LeaseKind, lease("team", "free"));
  await engine.store.delete(NamespaceKind, team);
  await engine.clock.advance(100);
  const conditions = async () => (await engine.store.get(NamespaceKind, team))?.status?.conditions;
  t.match(await conditions(), [
    { type: "NamespaceDeletionContentFailure", status: "True", message: "no room" },
    { type: "NamespaceContentRemaining", message: /leases.coordination.k8s.io has 1 resource instances/ },
    { type: "NamespaceFinalizersRemaining", message: /example.com\/hold in 1 resource instances/ },
  ]);
  isBroken = false;
  await engine.clock.advance(60_000);
  t.match(await conditions(), [{ status: "False", reason: "ContentDeleted" }, {}, {}]);
  const before = await engine.store.get(NamespaceKind, team);
  await engine.clock.advance(600_000);
  t.equal(
    (await engine.store.get(NamespaceKind, team))?.metadata.resourceVersion,
    before?.metadata.resourceVersion,
    "nothing is written while nothing changes",
  );
});
