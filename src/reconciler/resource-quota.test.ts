import t from "tap";
import { admit } from "../schema/admission.ts";
import { ConfigMapKind } from "../schema/config-map.ts";
import { InstanceTypeKind } from "../schema/instance-type.ts";
import { ResourceQuotaKind } from "../schema/resource-quota.ts";
import { kinds } from "../schema/scheme.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { openEngine } from "../testing/engine-fixture.ts";
import { quotaController } from "./resource-quota.ts";

t.test("a quota says how much of it is used, soon after that changes", async (t) => {
  const engine = await openEngine(t);
  const { store, clock, ledger } = engine;
  const hard = { "requests.cpu": "8", memory: "4Gi", configmaps: "2" };
  const metadata = { name: "q", namespace: "default" };
  const head = { apiVersion: "v1", kind: "ResourceQuota", metadata };
  await store.create(ResourceQuotaKind, admit(ResourceQuotaKind, { ...head, spec: { hard } }));
  await engine.run(quotaController({ ...engine, kinds, used: (namespace) => ledger.used(namespace) }));
  const status = async () => (await store.get(ResourceQuotaKind, metadata))?.status;
  t.same(await status(), { hard, used: { "requests.cpu": "0", memory: "0", configmaps: "0" } });
  const type = { apiVersion: "ostler.dev/v1", kind: "InstanceType", metadata: { name: "small" } };
  await store.create(
    InstanceTypeKind,
    admit(InstanceTypeKind, { ...type, spec: { cpus: 2, memory: "1Gi" } }),
  );
  const machine = { apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata: { name: "web" } };
  await store.create(
    VirtualMachineKind,
    admit(VirtualMachineKind, { ...machine, spec: { instanceType: "small" } }),
  );
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" } };
  await store.create(ConfigMapKind, admit(ConfigMapKind, map));
  await clock.advance(1000);
  t.same((await status())?.used, { "requests.cpu": "2", memory: "1Gi", configmaps: "1" });
  await store.update(
    InstanceTypeKind,
    admit(InstanceTypeKind, { ...type, spec: { cpus: 3, memory: "1Gi" } }),
  );
  await store.delete(ConfigMapKind, { namespace: "default", name: "m" });
  await clock.advance(1000);
  t.same((await status())?.used, { "requests.cpu": "3", memory: "1Gi", configmaps: "0" });
});
