import t from "tap";
import { GuardedKind, instance, type Widget, WidgetKind, widget, ZoneKind } from "../testing/widget.ts";
import {
  changeBetween,
  checkKey,
  checkUid,
  prepareCreate,
  prepareStatusUpdate,
  prepareUpdate,
} from "./strategy.ts";

const birth = { uid: "u1", now: Date.parse("2026-05-01T10:00:00Z"), suffix: () => "xxxxx" };
const stored = {
  ...widget("a", { size: 1 }, { uid: "u1", generation: 3, resourceVersion: "9", labels: { l: "1" } }),
  status: { ready: true },
};
const ending = { ...stored, metadata: { ...stored.metadata, finalizers: ["f"], deletionTimestamp: "t" } };

t.test("what a client may not set is set over on creation", async (t) => {
  const forged = {
    uid: "mine",
    generation: 9,
    creationTimestamp: "x",
    deletionTimestamp: "y",
    labels: { l: "1" },
  };
  t.same(prepareCreate(WidgetKind, { ...widget("a", { size: 1 }, forged), ...{ status: {} } }, birth), {
    apiVersion: "test.ostler.dev/v1",
    kind: "Widget",
    metadata: {
      name: "a",
      namespace: "default",
      labels: { l: "1" },
      uid: "u1",
      generation: 1,
      creationTimestamp: "2026-05-01T10:00:00Z",
    },
    spec: { size: 1 },
  });
});

t.test("a name beats a generateName, which is kept", async (t) => {
  const named = prepareCreate(WidgetKind, widget("a", {}, { generateName: "b-" }), birth);
  t.match(named.metadata, { name: "a", generateName: "b-" });
  const generated = prepareCreate(WidgetKind, widget("", {}, { generateName: "b-" }), birth);
  t.match(generated.metadata, { name: "b-xxxxx", generateName: "b-" });
});

t.test("an update takes what is desired and leaves the rest as it was", async (t) => {
  const wanted = {
    ...widget("a", { size: 2 }, { generation: 77, deletionTimestamp: "x", annotations: { n: "1" } }),
    status: { ready: false },
  };
  t.same(prepareUpdate(WidgetKind, stored, wanted), {
    apiVersion: "test.ostler.dev/v1",
    kind: "Widget",
    metadata: {
      name: "a",
      namespace: "default",
      uid: "u1",
      generation: 3,
      resourceVersion: "9",
      annotations: { n: "1" },
    },
    spec: { size: 2 },
    status: { ready: true },
  });
});

t.test("an update keeps the kind's finalizers until the object is being deleted", async (t) => {
  const [guard = ""] = GuardedKind.finalizers;
  const live = instance(GuardedKind, "a", {}, { namespace: "default", finalizers: [guard, "own"] });
  const deleted = { ...live, metadata: { ...live.metadata, deletionTimestamp: "t" } };
  const rows: [what: string, before: Widget, wanted: string[] | undefined, kept: string[] | undefined][] = [
    ["none are named", live, undefined, [guard]],
    ["the list is empty", live, [], [guard]],
    ["others are named", live, ["new"], ["new", guard]],
    ["all are named, in another order", live, ["own", guard], ["own", guard]],
    ["it is being deleted", deleted, ["own"], ["own"]],
    ["it is being deleted and none are named, as by a plain manifest", deleted, undefined, [guard, "own"]],
    ["it is being deleted and the list is empty", deleted, [], undefined],
  ];
  for (const [what, before, finalizers, kept] of rows) {
    const metadata = { namespace: "default", ...(finalizers && { finalizers }) };
    const wanted = instance(GuardedKind, "a", {}, metadata);
    t.same(prepareUpdate(GuardedKind, before, wanted).metadata.finalizers, kept, what);
  }
});

t.test("a status update takes the status", async (t) => {
  const reported = { ...widget("a", { size: 2 }), status: { ready: false } };
  t.same(prepareStatusUpdate(WidgetKind, stored, reported), { ...stored, status: { ready: false } });
});

t.test("what a change comes to", async (t) => {
  const relabelled = { ...stored, metadata: { ...stored.metadata, labels: { l: "2" } } };
  const rows: [what: string, before: Widget, after: Widget, type: string, generation?: number][] = [
    ["nothing", stored, { ...stored, spec: { size: 1 } }, "none"],
    [
      "another resourceVersion",
      stored,
      { ...stored, metadata: { ...stored.metadata, resourceVersion: "1" } },
      "none",
    ],
    ["labels", stored, relabelled, "put", 3],
    ["status", stored, { ...stored, status: { ready: false } }, "put", 3],
    ["spec", stored, { ...stored, spec: { size: 2 } }, "put", 4],
    [
      "the last finalizer while ending",
      ending,
      { ...ending, metadata: { ...ending.metadata, finalizers: [] } },
      "remove",
    ],
    ["a label while ending", ending, { ...ending, metadata: { ...ending.metadata, labels: {} } }, "put", 3],
  ];
  for (const [what, before, after, type, generation] of rows) {
    const change = changeBetween(WidgetKind, before, after);
    t.equal(change.type, type, what);
    if (change.type === "put") t.equal(change.resource.metadata.generation, generation, what);
  }
  const zone = instance(ZoneKind, "z", {}, { generation: 1 });
  const reported = { ...zone, status: { n: 1 } };
  t.match(changeBetween(ZoneKind, zone, reported), {
    type: "put",
    resource: { metadata: { generation: 2 } },
  });
});

t.test("inputs are not changed", async (t) => {
  const copies = structuredClone([stored, ending]);
  prepareCreate(GuardedKind, instance(GuardedKind, "a", {}, { namespace: "n" }), birth);
  prepareUpdate(WidgetKind, stored, ending);
  t.same([stored, ending], copies);
});

t.test("keys and uids that cannot be meant are refused", async (t) => {
  const rows: [() => void, RegExp][] = [
    [() => checkKey(WidgetKind, { name: "", namespace: "n" }), /no name/],
    [() => checkKey(WidgetKind, { name: "a/b", namespace: "n" }), /no slash/],
    [() => checkKey(WidgetKind, { name: "a" }), /empty namespace/],
    [() => checkKey(ZoneKind, { name: "a", namespace: "n" }), /cluster-scoped/],
    [() => checkUid(WidgetKind, stored, "u2"), /UID in precondition: u2, UID in object meta: u1/],
  ];
  for (const [run, message] of rows) t.throws(run, { message });
  checkUid(WidgetKind, stored, undefined);
  checkUid(WidgetKind, stored, "u1");
});
