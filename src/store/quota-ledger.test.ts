import fc from "fast-check";
import t from "tap";
import { admit } from "../schema/admission.ts";
import { type InstanceType, InstanceTypeKind } from "../schema/instance-type.ts";
import { quotaRules } from "../schema/quota-rules.ts";
import { type ResourceQuota, ResourceQuotaKind } from "../schema/resource-quota.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { VolumeKind } from "../schema/volume.ts";
import { openEngine } from "../testing/engine-fixture.ts";
import { rejectsWith } from "../testing/rejects-with.ts";
import { QuotaLedger } from "./quota-ledger.ts";

const ours = "ostler.dev/v1";
const machine = (name: string, spec: object = { cpus: 2, memory: "1Gi" }): VirtualMachine =>
  admit(VirtualMachineKind, {
    apiVersion: ours,
    kind: "VirtualMachine",
    metadata: { name, namespace: "default" },
    spec,
  });
const quota = (hard: Record<string, string>, name = "q"): ResourceQuota =>
  admit(ResourceQuotaKind, {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name, namespace: "default" },
    spec: { hard },
  });
const key = (name: string) => ({ namespace: "default", name });
const bare = (vm: VirtualMachine): VirtualMachine => ({
  ...vm,
  metadata: { ...vm.metadata, finalizers: [] },
});

t.test("what would exceed a quota is refused in Kubernetes' words; what frees never is", async (t) => {
  const { store } = await openEngine(t);
  await store.create(
    ResourceQuotaKind,
    quota({ "requests.cpu": "5", "count/virtualmachines.ostler.dev": "2" }),
  );
  await store.create(VirtualMachineKind, machine("one"));
  await store.create(VirtualMachineKind, machine("two"));
  await rejectsWith(
    t,
    store.create(VirtualMachineKind, machine("three")),
    "Forbidden",
    'virtualmachines.ostler.dev "three" is forbidden: exceeded quota: q, requested: ' +
      "count/virtualmachines.ostler.dev=1,requests.cpu=2, " +
      "used: count/virtualmachines.ostler.dev=2,requests.cpu=4, " +
      "limited: count/virtualmachines.ostler.dev=2,requests.cpu=5",
  );
  await rejectsWith(t, store.create(VirtualMachineKind, machine("x"), { dryRun: true }), "Forbidden");
  await rejectsWith(
    t,
    store.update(VirtualMachineKind, machine("one", { cpus: 4, memory: "1Gi" })),
    "Forbidden",
    /exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=4, limited: requests.cpu=5$/,
  );
  await store.update(VirtualMachineKind, machine("one", { cpus: 3, memory: "1Gi" }));
  await store.update(ResourceQuotaKind, quota({ "requests.cpu": "1" }));
  await store.update(VirtualMachineKind, machine("one", { cpus: 2, memory: "9Gi" }));
});

t.test("what is being deleted counts until it is gone", async (t) => {
  const { store, ledger } = await openEngine(t);
  await store.create(ResourceQuotaKind, quota({ "requests.cpu": "2" }));
  await store.create(VirtualMachineKind, machine("one"));
  await store.delete(VirtualMachineKind, key("one"));
  await rejectsWith(t, store.create(VirtualMachineKind, machine("two")), "Forbidden");
  const ending = await store.get(VirtualMachineKind, key("one"));
  if (ending === undefined) throw new Error("gone too early");
  await store.update(VirtualMachineKind, bare(ending));
  t.equal(ledger.used("default").get("cpus"), undefined);
  await store.create(VirtualMachineKind, machine("two"));
});

t.test("a type that is not known is no way around; one that grows is counted as it is", async (t) => {
  const { store, ledger } = await openEngine(t);
  const type = (cpus: number): InstanceType =>
    admit(InstanceTypeKind, {
      apiVersion: ours,
      kind: "InstanceType",
      metadata: { name: "small" },
      spec: { cpus, memory: "1Gi" },
    });
  await store.create(ResourceQuotaKind, quota({ "requests.cpu": "4" }));
  const typed = machine("one", { instanceType: "small" });
  await rejectsWith(
    t,
    store.create(VirtualMachineKind, typed),
    "Forbidden",
    /failed quota: q: instance type "small"/,
  );
  await store.create(InstanceTypeKind, type(2));
  await store.create(VirtualMachineKind, typed);
  await store.update(InstanceTypeKind, type(4));
  t.equal(ledger.used("default").get("cpus"), 4);
  await rejectsWith(t, store.create(VirtualMachineKind, machine("two")), "Forbidden");
  await store.delete(InstanceTypeKind, { name: "small" });
  await store.create(InstanceTypeKind, type(1));
  t.equal(ledger.used("default").get("cpus"), 1);
});

t.test("every quota of a namespace must allow it, and none of another matters", async (t) => {
  const engine = await openEngine(t);
  const { store } = engine;
  await engine.addNamespace("other");
  await store.create(ResourceQuotaKind, quota({ "requests.storage": "10Gi" }, "wide"));
  await store.create(ResourceQuotaKind, quota({ "requests.storage": "1Gi" }, "narrow"));
  const volume = (namespace: string) =>
    admit(VolumeKind, {
      apiVersion: ours,
      kind: "Volume",
      metadata: { name: "v", namespace },
      spec: { size: "2Gi" },
    });
  await rejectsWith(
    t,
    store.create(VolumeKind, volume("default")),
    "Forbidden",
    /quota: narrow, .*=2Gi.*=0.*=1Gi/,
  );
  await store.create(VolumeKind, volume("other"));
  await store.delete(ResourceQuotaKind, key("narrow"));
  await store.create(VolumeKind, volume("default"));
});

t.test("writes at the same time never exceed together what each alone does not", async (t) => {
  const { store, ledger } = await openEngine(t);
  await store.create(ResourceQuotaKind, quota({ "requests.cpu": "20" }));
  const names = Array.from({ length: 50 }, (_, index) => `m${index}`);
  const writes = await Promise.allSettled(
    names.map((name) => store.create(VirtualMachineKind, machine(name))),
  );
  t.equal(writes.filter(({ status }) => status === "fulfilled").length, 10);
  t.equal(ledger.used("default").get("cpus"), 20);
});

t.test("the account is what a count of everything says, whatever happens at the same time", async (t) => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    act: fc.constantFrom("create", "update", "delete", "release", "type"),
    cpus: fc.integer({ min: 1, max: 6 }),
    typed: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 12 }), async (rounds) => {
      const { store, ledger } = await openEngine(t);
      await store.create(
        ResourceQuotaKind,
        quota({ "requests.cpu": "9", "count/virtualmachines.ostler.dev": "3" }),
      );
      const head = { apiVersion: ours, kind: "InstanceType", metadata: { name: "small" } };
      const typeOf = (cpus: number): InstanceType =>
        admit(InstanceTypeKind, { ...head, spec: { cpus, memory: "1Gi" } });
      await store.create(InstanceTypeKind, typeOf(1));
      const limit = 9;
      let typeGrew = false;
      const play = async ({ name, act, cpus, typed }: (typeof rounds)[number][number]): Promise<unknown> => {
        const vm = machine(name, typed ? { instanceType: "small" } : { cpus, memory: "1Gi" });
        switch (act) {
          case "create":
            return store.create(VirtualMachineKind, vm);
          case "update":
            return store.update(VirtualMachineKind, vm);
          case "delete":
            return store.delete(VirtualMachineKind, key(name));
          case "type":
            typeGrew = true;
            return store.update(InstanceTypeKind, typeOf(cpus));
          default: {
            const found = await store.get(VirtualMachineKind, key(name));
            return found && store.update(VirtualMachineKind, bare(found));
          }
        }
      };
      for (const round of rounds) {
        await Promise.allSettled(round.map(play));
        const fresh = new QuotaLedger(quotaRules);
        await fresh.fill(store);
        const [kept, counted] = [ledger.used("default"), fresh.used("default")];
        if (JSON.stringify([...kept].sort()) !== JSON.stringify([...counted].sort())) return false;
        if (!typeGrew && (kept.get("cpus") ?? 0) > limit) return false;
      }
      return true;
    }),
    { numRuns: 150 },
  );
});
