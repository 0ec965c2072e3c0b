import t, { type Test } from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { admit } from "../../schema/admission.ts";
import { NamespaceKind } from "../../schema/namespace.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { Store } from "../../store/store.ts";
import { smallMachine, startApi } from "../../testing/api-fixture.ts";
import { until } from "./until.ts";

async function setUp(t: Test) {
  const { store, ...api } = await startApi();
  t.teardown(async () => api[Symbol.asyncDispose]());
  const create = () => store.create(VirtualMachineKind, admit(VirtualMachineKind, smallMachine));
  return { store, create, object: await create() };
}

const running = new AbortController().signal;

t.test("every state is judged, from the present one on, until there is a verdict", async (t) => {
  const { store, object } = await setUp(t);
  const seen: (number | undefined)[] = [];
  const wanted = { kind: VirtualMachineKind, object, signal: running };
  const verdict = until(store, wanted, (vm) => {
    seen.push(vm?.spec.cpus);
    return vm?.spec.cpus === 3 ? "three" : undefined;
  });
  let vm = object;
  for (const cpus of [2, 3, 4])
    vm = await store.update(VirtualMachineKind, { ...vm, spec: { ...vm.spec, cpus } });
  t.equal(await verdict, "three");
  t.same(seen, [1, 2, 3]);
  const now = until(store, wanted, (found) => (found?.spec.cpus === 4 ? "now" : undefined));
  t.equal(await now, "now");
});

t.test("what happens to others is nobody's business; an object that is gone is judged as such", async (t) => {
  const { store, object, create } = await setUp(t);
  const judge = (vm: unknown) => (vm === undefined ? "gone" : undefined);
  const gone = until(store, { kind: VirtualMachineKind, object, signal: running }, judge);
  await store.create(NamespaceKind, { apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } });
  const other = { ...smallMachine, metadata: { name: "other", namespace: "default" } };
  await store.create(VirtualMachineKind, admit(VirtualMachineKind, other));
  const deleted = await store.delete(VirtualMachineKind, { namespace: "default", name: "web" });
  if (deleted === undefined) throw new Error("its finalizer held nothing");
  await store.update(VirtualMachineKind, { ...deleted, metadata: { ...deleted.metadata, finalizers: [] } });
  t.equal(await gone, "gone");
  await create();
  const replaced = until(store, { kind: VirtualMachineKind, object, signal: running }, judge);
  t.equal(await replaced, "gone", "another one of that name is another one");
});

t.test("a signal ends it", async (t) => {
  const { store, object } = await setUp(t);
  const stop = new AbortController();
  const wanted = { kind: VirtualMachineKind, object, signal: stop.signal };
  const never = until(store, wanted, () => undefined);
  stop.abort(new Error("enough"));
  await t.rejects(never, { message: "enough" });
  await t.rejects(
    until(store, wanted, () => "at once"),
    { message: "enough" },
  );
});

t.test("who is told that it missed something looks again", async (t) => {
  const { store, object } = await setUp(t);
  let watches = 0;
  const busy: Pick<Store, "get" | "watch"> = {
    get: (kind, key) => store.get(kind, key),
    watch(kind, options) {
      watches += 1;
      if (watches > 1) return store.watch(kind, options);
      const next = async () => {
        await store.update(VirtualMachineKind, { ...object, spec: { ...object.spec, cpus: 2 } });
        throw new StatusError("Expired", "too much happened");
      };
      return { [Symbol.asyncIterator]: () => ({ next }) };
    },
  };
  const wanted = { kind: VirtualMachineKind, object, signal: running };
  t.equal(await until(busy, wanted, (vm) => (vm?.spec.cpus === 2 ? "seen" : undefined)), "seen");
  t.equal(watches, 2);
});
