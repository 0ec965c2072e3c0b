import t, { type Test } from "tap";
import { admit } from "../../schema/admission.ts";
import { ImageKind } from "../../schema/image.ts";
import { type InstanceType, InstanceTypeKind } from "../../schema/instance-type.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { startApi } from "../../testing/api-fixture.ts";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { SeedIds } from "./ids.ts";

type Annotations = Readonly<Record<string, string>>;

async function setUp(t: Test) {
  const { store, ...api } = await startApi();
  t.teardown(async () => api[Symbol.asyncDispose]());
  const add = (name: string, annotations: Annotations = {}) => {
    const head = { apiVersion: "ostler.dev/v1", kind: "InstanceType", metadata: { name, annotations } };
    return store.create(
      InstanceTypeKind,
      admit(InstanceTypeKind, { ...head, spec: { cpus: 1, memory: "1Gi" } }),
    );
  };
  const shown = async (ids: SeedIds) => {
    const types = await ids.list(InstanceTypeKind);
    return types.map(({ id, object }) => `${id} ${object.metadata.name}`);
  };
  return { store, add, shown, ids: () => new SeedIds(store, "default") };
}

t.test("whoever has no number gets one when they are asked for, and keeps it over restarts", async (t) => {
  const { add, shown, ids } = await setUp(t);
  await add("b");
  await add("a");
  const first = ids();
  t.same(await shown(first), ["1 a", "2 b"]);
  await add("0");
  t.same(await shown(first), ["1 a", "2 b", "3 0"]);
  t.same(await shown(ids()), ["1 a", "2 b", "3 0"]);
});

t.test(
  "no number is ever given again, also not when its holder was the last and the server anew",
  async (t) => {
    const { store, add, shown, ids } = await setUp(t);
    for (const name of ["a", "b"]) await add(name);
    t.same(await shown(ids()), ["1 a", "2 b"]);
    for (const name of ["a", "b"]) await store.delete(InstanceTypeKind, { name });
    await add("a");
    t.same(await shown(ids()), ["3 a"]);
  },
);

t.test("a note of the last number that was lost makes no two of one number", async (t) => {
  const { store, add, shown, ids } = await setUp(t);
  await add("a");
  await add("b");
  const before = ids();
  await shown(before);
  const namespace = await store.get(NamespaceKind, { name: "default" });
  if (namespace === undefined) throw new Error("no namespace");
  t.match(namespace.metadata.annotations, { "ostler.dev/seed-last-instancetype": "2" });
  const { annotations: _lost, ...metadata } = namespace.metadata;
  await store.update(NamespaceKind, { ...namespace, metadata });
  await add("c");
  t.same(await shown(ids()), ["1 a", "2 b", "3 c"]);
  t.same(await shown(before), ["1 a", "2 b", "3 c"]);
});

t.test("a copy of an object is another object", async (t) => {
  const { store, add, shown, ids } = await setUp(t);
  await add("a");
  await shown(ids());
  const original = await store.get(InstanceTypeKind, { name: "a" });
  await add("copy", original?.metadata.annotations);
  t.same(await shown(ids()), ["1 a", "2 copy"]);
});

t.test("a file's order and its own numbers count, as far as they are free", async (t) => {
  const { add, shown, ids } = await setUp(t);
  const line = (number: number, wanted?: number): Annotations => ({
    "ostler.dev/seed-line": String(number),
    ...(wanted !== undefined && { "ostler.dev/seed-wanted-id": String(wanted) }),
  });
  await add("other");
  await add("z", line(1));
  await add("y", line(2));
  await add("x", line(3, 7));
  t.same(await shown(ids()), ["7 x", "8 z", "9 y", "10 other"]);
  await add("w", line(4, 7));
  await add("v", line(5, 3));
  t.same(await shown(ids()), ["3 v", "7 x", "8 z", "9 y", "10 other", "11 w"]);
});

t.test("images begin with 100, and each kind counts for itself", async (t) => {
  const { store, add, shown, ids } = await setUp(t);
  await add("a");
  const spec = { source: { file: "/images/x" } };
  const image = { apiVersion: "ostler.dev/v1", kind: "Image", metadata: { name: "x" }, spec };
  await store.create(ImageKind, admit(ImageKind, image));
  t.match(await ids().list(ImageKind), [{ id: 100 }]);
  t.same(await shown(ids()), ["1 a"]);
});

t.test("many ask at once, in two servers: nobody has two numbers, no number has two", async (t) => {
  const { add, ids } = await setUp(t);
  const made = await Promise.all(Array.from({ length: 40 }, (_, index) => add(`type-${index}`)));
  const servers = [ids(), ids()];
  const give = (type: InstanceType, index: number) => servers[index % 2]?.give(InstanceTypeKind, type);
  const [given] = await Promise.all([
    Promise.all(made.slice(0, 20).map(give)),
    ...servers.map((server) => server.list(InstanceTypeKind)),
    ...servers.map((server) => server.list(InstanceTypeKind)),
  ]);
  const all = await ids().list(InstanceTypeKind);
  t.equal(new Set(all.map(({ id }) => id)).size, 40);
  for (const one of given) {
    t.equal(all.find(({ object }) => object.metadata.name === one?.object.metadata.name)?.id, one?.id);
  }
});

t.test("a number finds its object, wherever it now is, or nothing", async (t) => {
  const { store, add, ids } = await setUp(t);
  await add("a");
  const numbers = ids();
  t.match(await numbers.find(InstanceTypeKind, 1), { id: 1, object: { metadata: { name: "a" } } });
  t.match(await numbers.find(InstanceTypeKind, 1), { id: 1, object: { metadata: { name: "a" } } });
  for (const id of [0, 2, -1, 2 ** 53 - 1]) t.equal(await numbers.find(InstanceTypeKind, id), undefined);
  await store.delete(InstanceTypeKind, { name: "a" });
  await add("a");
  t.equal(await numbers.find(InstanceTypeKind, 1), undefined);
  t.match(await numbers.find(InstanceTypeKind, 2), { id: 2 });
});

t.test("a number is given together with other changes, to an object that is still there", async (t) => {
  const { store, ids } = await setUp(t);
  const metadata = { name: "web", namespace: "default", annotations: { note: "x" } };
  const manifest = {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata,
    spec: { cpus: 1, memory: "1Gi" },
  };
  const vm = await store.create(VirtualMachineKind, admit(VirtualMachineKind, manifest));
  await store.updateStatus(VirtualMachineKind, { ...vm, status: { printableStatus: "Running" } });
  const numbers = ids();
  const given = await numbers.give(VirtualMachineKind, vm, { note: undefined, more: "y" });
  t.equal(given.id, 1);
  t.match(given.object, { metadata: { annotations: { more: "y" } }, status: { printableStatus: "Running" } });
  t.equal(given.object.metadata.annotations?.note, undefined);
  t.equal((await numbers.give(VirtualMachineKind, vm)).id, 1);
  const { object } = given;
  const marked = await store.delete(VirtualMachineKind, { namespace: "default", name: "web" });
  t.equal((await numbers.list(VirtualMachineKind)).length, 1, "who is going keeps it to the end");
  if (marked === undefined) throw new Error("its finalizer held nothing");
  await store.update(VirtualMachineKind, { ...marked, metadata: { ...marked.metadata, finalizers: [] } });
  await rejectsWith(t, numbers.give(VirtualMachineKind, object), "NotFound");
  await store.create(VirtualMachineKind, admit(VirtualMachineKind, manifest));
  await rejectsWith(t, numbers.give(VirtualMachineKind, object), "NotFound");
});

t.test("without the namespace to count in no number is given", async (t) => {
  const { store, add } = await setUp(t);
  await add("a");
  await rejectsWith(t, new SeedIds(store, "none").list(InstanceTypeKind), "ServiceUnavailable");
});
