import t from "tap";
import {
  ensureDefaultRoles,
  ensureFakeHosts,
  ensureHost,
  ensureNamespaces,
  parseHostArgument,
} from "./bootstrap.ts";
import { FakeHypervisor } from "./drivers/fake/fake-hypervisor.ts";
import { systemClock } from "./runtime/clock.ts";
import { admit } from "./schema/admission.ts";
import { HostKind } from "./schema/host.ts";
import { NamespaceKind } from "./schema/namespace.ts";
import { ClusterRoleKind } from "./schema/rbac.ts";
import { openMemoryLog } from "./store/memory-log.ts";
import { ResourceStore } from "./store/resource-store.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

async function openStore(): Promise<ResourceStore> {
  const log = openMemoryLog(systemClock);
  return ResourceStore.open({
    log,
    clock: systemClock,
    random: new SeededRandom(1),
    admit,
    namespaceKind: NamespaceKind,
  });
}

t.test("the cluster's id stays the same from start to start", async (t) => {
  using store = await openStore();
  const id = await ensureNamespaces(store);
  t.match(id, /^[0-9a-f-]{36}$/);
  t.equal(await ensureNamespaces(store), id);
  t.same(
    (await store.list(NamespaceKind)).items.map(({ metadata }) => metadata.name),
    ["default", "ostler-system"],
  );
});

t.test("a host on the command line is registered once, and what people changed stays", async (t) => {
  using store = await openStore();
  await ensureHost(store, { name: "h1", uri: "qemu:///system" }, "auto");
  const host = await store.get(HostKind, { name: "h1" });
  if (host === undefined) throw new Error("h1 was not registered");
  await store.update(HostKind, { ...host, spec: { ...host.spec, unschedulable: true } });
  await ensureHost(store, { name: "h1", uri: "qemu:///system" }, "auto");
  await ensureHost(store, { name: "other-name", uri: "qemu:///system" }, "auto");
  const { items } = await store.list(HostKind);
  t.same(
    items.map(({ metadata, spec }) => [metadata.name, spec.unschedulable]),
    [["h1", true]],
  );
});

t.test("fake hosts have the size that benchmarks are defined on", async (t) => {
  using store = await openStore();
  const hypervisor = new FakeHypervisor({ clock: systemClock, random: new SeededRandom(2) });
  await ensureFakeHosts(store, hypervisor, 2);
  t.same(
    (await store.list(HostKind)).items.map(({ spec }) => spec.uri),
    ["fake://fake-1", "fake://fake-2"],
  );
  t.match(hypervisor.host("fake-2").facts, { cpus: 64, memoryBytes: 256 * 2 ** 30 });
  const later = new FakeHypervisor({ clock: systemClock, random: new SeededRandom(3) });
  await ensureFakeHosts(store, later, 2);
  const uuids = [hypervisor, later].map((one) => one.host("fake-2").facts.hostUuid);
  t.equal(uuids[0], uuids[1], "after a restart they are the same hosts");
  t.not(uuids[0], hypervisor.host("fake-1").facts.hostUuid);
});

t.test("a host argument is a URI, or a name and a URI", async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["qemu:///system", "box", "qemu:///system"],
    ["qemu+ssh://root@h1.example:2222/system", "h1.example", "qemu+ssh://root@h1.example:2222/system"],
    ["lab-1=qemu+tcp://10.77.0.11/system", "lab-1", "qemu+tcp://10.77.0.11/system"],
    ["test:///default", "box", "test:///default"],
    ["qemu+unix:///system?socket=/tmp/x", "box", "qemu+unix:///system?socket=/tmp/x"],
  ];
  for (const [text, name, uri] of cases) t.same(parseHostArgument(text, "Box"), { name, uri });
});

t.test("what is no URI, or gives no usable name, is refused with what to do", async (t) => {
  t.throws(() => parseHostArgument("h1", "box"), { message: /not a libvirt URI such as/ });
  t.throws(() => parseHostArgument("qemu:///system", "..."), { message: /give one: NAME=URI/ });
});

t.test(
  "the default roles are there, whole after each start, and as people left them where they said so",
  async (t) => {
    using store = await openStore();
    const name = { name: "system:basic-user" };
    await ensureDefaultRoles(store);
    const made = await store.get(ClusterRoleKind, name);
    t.equal(made?.rules?.length, 2);
    const before = (await store.list(ClusterRoleKind)).resourceVersion;
    await ensureDefaultRoles(store);
    t.equal((await store.list(ClusterRoleKind)).resourceVersion, before, "a second start writes nothing");
    if (made === undefined) throw new Error("no role");
    await store.update(ClusterRoleKind, { ...made, rules: [] });
    await ensureDefaultRoles(store);
    t.equal((await store.get(ClusterRoleKind, name))?.rules?.length, 2);
  },
);
