import t from "tap";
import { silentLogger } from "../runtime/logger.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { machine } from "../testing/machine-fixture.ts";
import { machineStore } from "../testing/machine-store.ts";
import { buildCatalog } from "./catalog.ts";
import { SharedInformers } from "./shared-informers.ts";

async function fixture(spec: Record<string, unknown>) {
  const { store, clock, vm } = await machineStore(machine(spec));
  const informers = new SharedInformers({ store, clock, logger: silentLogger });
  const catalog = buildCatalog(informers);
  const stop = new AbortController();
  await informers.start(stop.signal);
  const end = async () => {
    stop.abort();
    await informers.stop();
  };
  return { catalog, store, clock, vm, end };
}

const names = (found: readonly { readonly metadata: { readonly name: string } }[]) =>
  found.map(({ metadata }) => metadata.name);

t.test("machines are found by host, also those that have none yet", async (t) => {
  const { catalog, store, clock, vm, end } = await fixture({});
  t.same(names(catalog.machinesByHost.get("")), ["web"]);
  await store.updateStatus(VirtualMachineKind, { ...vm, status: { hostName: "h1" } });
  await clock.settle();
  t.same(names(catalog.machinesByHost.get("")), []);
  t.same(names(catalog.machinesByHost.get("h1")), ["web"]);
  await end();
});

t.test("machines are found by uid", async (t) => {
  const { catalog, vm, end } = await fixture({});
  t.same(names(catalog.machinesByUid.get(vm.metadata.uid ?? "")), ["web"]);
  t.same(names(catalog.machinesByUid.get("other")), []);
  await end();
});

t.test("machines are found by everything that their spec names", async (t) => {
  const disks = [
    { name: "a", image: "debian" },
    { name: "b", image: "debian" },
    { name: "c", size: "1Gi" },
  ];
  const { catalog, end } = await fixture({
    instanceType: "small",
    disks,
    kernelBoot: { kernel: "linux", initrd: "initrd" },
  });
  for (const reference of ["instanceType/small", "image/debian", "image/linux", "image/initrd"]) {
    t.same(names(catalog.machinesByReference.get(reference)), ["web"], reference);
  }
  t.same(names(catalog.machinesByReference.get("image/small")), []);
  await end();
});
