import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { admit } from "../schema/admission.ts";
import { HostKind } from "../schema/host.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { confirmPruneAnnotation, SourceKind } from "../schema/source.ts";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { machineYaml, openSourceWorld, type SourceWorld } from "../testing/source-fixture.ts";

const many = Array.from({ length: 40 }, (_, index) => `vm-${String(index).padStart(2, "0")}`);

async function machine(world: SourceWorld, name: string): Promise<VirtualMachine> {
  const vm = await world.engine.store.get(VirtualMachineKind, { namespace: "default", name });
  if (vm === undefined) throw new Error(`no machine ${name}`);
  return vm;
}

async function revision(world: SourceWorld): Promise<string> {
  return (await world.engine.store.list(VirtualMachineKind)).resourceVersion;
}

async function confirm(world: SourceWorld, hash: string): Promise<void> {
  await world.editSource((source) => ({
    ...source,
    metadata: { ...source.metadata, annotations: { [confirmPruneAnnotation]: hash } },
  }));
}

async function ready(world: SourceWorld): Promise<string | undefined> {
  return (await world.source()).status?.conditions?.[0]?.reason;
}

async function pending(world: SourceWorld) {
  return (await world.source()).status?.pendingPrune;
}

t.test("what the files say exists, with its file on it", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", `${machineYaml("one")}---\n${machineYaml("two")}`);
  world.folder.put("deep/er/b.yml", machineYaml("three"));
  world.folder.put(
    "c.json",
    JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "blue" } }),
  );
  world.folder.put("notes.txt", "not a manifest");
  t.strictSame(await world.look(), { requeueAfterMs: 10_000 });
  t.strictSame(await world.machines(), ["one", "three", "two"]);
  t.match(await machine(world, "three"), {
    metadata: {
      labels: { "ostler.dev/source": "manifests" },
      annotations: { "ostler.dev/source-path": "deep/er/b.yml" },
      finalizers: ["ostler.dev/virtual-machine"],
    },
    spec: { runStrategy: "Always" },
  });
  t.ok(await world.engine.store.get(NamespaceKind, { name: "blue" }));
  t.match((await world.source()).status, { files: 3, objects: 4, lastAppliedTime: "2026-01-01T00:00:00Z" });
  t.equal(await ready(world), "Applied");
});

t.test("a namespace and what is in it may come in one look, in any order of files", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one").replace("name: one", "name: one\n  namespace: blue"));
  world.folder.put("z.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: blue}\n");
  await world.look();
  t.strictSame(await world.machines(), ["one"]);
});

t.test("when nothing changes, nothing is written", async (t) => {
  const world = await openSourceWorld(t);
  for (const name of many) world.folder.put(`${name}.yaml`, machineYaml(name));
  world.folder.put("bad.yaml", "kind: x\n");
  await world.look();
  const before = await revision(world);
  for (let count = 0; count < 35; count += 1) {
    await world.engine.clock.advance(10_000);
    await world.look();
  }
  await world.restart();
  await world.look();
  t.equal(await revision(world), before);
  t.equal(world.events.length, 1, "one event tells of the bad file");
});

t.test("where all is at rest only the folder is read, until anything is written", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  for (let count = 0; count < 3; count += 1) await world.look();
  const { store } = world.engine;
  const list = t.capture(store, "list", store.list);
  t.strictSame(await world.look(), { requeueAfterMs: 10_000 });
  t.equal(list().length, 1, "which tells the revision");
  await store.create(
    NamespaceKind,
    admit(NamespaceKind, { apiVersion: "v1", kind: "Namespace", metadata: { name: "blue" } }),
  );
  await world.look();
  t.ok(list().length > 5);
});

t.test("a changed file changes its objects, and their status stays", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  const before = await machine(world, "one");
  await world.engine.store.updateStatus(VirtualMachineKind, { ...before, status: { hostName: "h1" } });
  world.folder.put("a.yaml", machineYaml("one", "  runStrategy: Halted\n"));
  await world.look();
  const after = await machine(world, "one");
  t.equal(after.spec.runStrategy, "Halted");
  t.strictSame(after.status, { hostName: "h1" });
  t.equal(after.metadata.uid, before.metadata.uid);
  t.strictSame(world.events, []);
});

t.test("an edit past the file is set back and told; what controllers write stays", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  const vm = await machine(world, "one");
  const { labels, annotations } = vm.metadata;
  await world.engine.store.update(VirtualMachineKind, {
    ...vm,
    metadata: {
      ...vm.metadata,
      labels: { ...labels, mine: "1" },
      annotations: { ...annotations, "ostler.dev/note": "a controller's" },
      finalizers: [...(vm.metadata.finalizers ?? []), "example.org/hold"],
    },
    spec: { ...vm.spec, cpus: 2 },
  });
  await world.look();
  const after = await machine(world, "one");
  t.equal(after.spec.cpus, 1);
  t.strictSame(after.metadata.labels, labels);
  t.equal(after.metadata.annotations?.["ostler.dev/note"], "a controller's");
  t.ok(after.metadata.finalizers?.includes("example.org/hold"));
  t.strictSame(world.events, ["Reverted one: set back to what a.yaml:1 says"]);
});

t.test("a deleted object comes back when it is gone", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  const vm = await machine(world, "one");
  await world.engine.store.delete(VirtualMachineKind, { namespace: "default", name: "one" });
  await world.look();
  t.ok((await machine(world, "one")).metadata.deletionTimestamp, "a dying object is left alone");
  const dying = await machine(world, "one");
  await world.engine.store.update(VirtualMachineKind, {
    ...dying,
    metadata: { ...dying.metadata, finalizers: [] },
  });
  await world.look();
  t.not((await machine(world, "one")).metadata.uid, vm.metadata.uid);
});

t.test("a broken file keeps its objects, applies nothing, deletes nothing, and says where", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", `${machineYaml("one")}---\n${machineYaml("two")}`);
  world.folder.put("b.yaml", machineYaml("three"));
  world.folder.put("c.yaml", machineYaml("four"));
  await world.look();
  world.folder.put(
    "a.yaml",
    `${machineYaml("one", "  runStrategy: Halted\n")}---\n${machineYaml("two", "  x: 1\n")}`,
  );
  world.folder.put("b.yaml", machineYaml("three", "  runStrategy: Halted\n"));
  world.folder.remove("c.yaml");
  await world.lookTwice();
  t.strictSame(await world.machines(), ["four", "one", "three", "two"]);
  t.equal((await machine(world, "one")).spec.runStrategy, "Always", "not even its good half");
  t.equal((await machine(world, "three")).spec.runStrategy, "Halted", "the rest of the folder goes on");
  t.match((await world.source()).status, {
    conditions: [{ type: "Ready", status: "False", reason: "InvalidManifests" }],
    problems: [{ file: "a.yaml", line: 17, column: 3, path: "spec.x", message: /^unknown field/ }],
    pendingPrune: { reason: "BrokenFiles", total: 1, deletions: ["virtualmachines.ostler.dev default/four"] },
  });
  t.match(world.events, [/^InvalidManifests manifests: a\.yaml:17:3: spec\.x: unknown field/]);
  world.folder.put("a.yaml", `${machineYaml("one", "  runStrategy: Halted\n")}---\n${machineYaml("two")}`);
  await world.look();
  t.equal((await machine(world, "one")).spec.runStrategy, "Halted");
  t.strictSame(await world.machines(), ["one", "three", "two"], "and the deletion that waited is done");
  t.equal(await ready(world), "Applied");
});

t.test("a broken file keeps its objects across a restart, and from others", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("b.yaml", machineYaml("one"));
  await world.look();
  world.folder.put("b.yaml", "{");
  await world.restart();
  world.folder.put("a.yaml", machineYaml("one", "  runStrategy: Halted\n"));
  await world.lookTwice();
  t.equal((await machine(world, "one")).spec.runStrategy, "Always");
  t.match((await world.source()).status?.problems, [
    { file: "a.yaml", message: /already comes from b\.yaml/ },
    { file: "b.yaml" },
  ]);
});

t.test("a file that is being written waits for the next look", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  const now = new Date(world.engine.clock.now());
  utimesSync(join(world.folder.path, "a.yaml"), now, now);
  t.strictSame(await world.look(), { requeueAfterMs: 250 });
  t.strictSame(await world.machines(), []);
  t.equal((await world.source()).status?.problems, undefined);
  await world.engine.clock.advance(250);
  await world.look();
  t.strictSame(await world.machines(), ["one"]);
});

t.test("what is missing may be in a file that is being written", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  world.folder.put("b.yaml", machineYaml("two"));
  await world.look();
  world.folder.remove("a.yaml");
  await world.look();
  await world.engine.clock.advance(6000);
  const now = new Date(world.engine.clock.now());
  world.folder.put("c.yaml", machineYaml("one"));
  utimesSync(join(world.folder.path, "c.yaml"), now, now);
  await world.look();
  await world.engine.clock.advance(250);
  await world.look();
  t.strictSame(await world.machines(), ["one", "two"]);
  t.equal((await machine(world, "one")).metadata.annotations?.["ostler.dev/source-path"], "c.yaml");
});

t.test("a removed file's objects are deleted after a second look, five seconds later", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  world.folder.put("b.yaml", machineYaml("two"));
  await world.look();
  world.folder.remove("a.yaml");
  t.strictSame(await world.look(), { requeueAfterMs: 5000 });
  await world.engine.clock.advance(4999);
  await world.look();
  t.strictSame(await world.machines(), ["one", "two"]);
  await world.engine.clock.advance(1);
  await world.look();
  t.strictSame(await world.machines(), ["two"]);
  t.match(world.events, [/^Pruned manifests: .* virtualmachines\.ostler\.dev default\/one$/]);
  const before = await revision(world);
  await world.look();
  t.equal(await revision(world), before, "a dying object is not deleted again");
});

t.test("a file that comes back in between deletes nothing", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  world.folder.put("b.yaml", machineYaml("two"));
  await world.look();
  world.folder.remove("a.yaml");
  await world.look();
  await world.engine.clock.advance(3000);
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  world.folder.remove("a.yaml");
  await world.engine.clock.advance(3000);
  t.strictSame(await world.look(), { requeueAfterMs: 5000 }, "counted anew");
  t.strictSame(await world.machines(), ["one", "two"]);
});

t.test("a renamed file keeps its objects", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  const { uid } = (await machine(world, "one")).metadata;
  renameSync(join(world.folder.path, "a.yaml"), join(world.folder.path, "z.yaml"));
  await world.lookTwice();
  const { metadata } = await machine(world, "one");
  t.equal(metadata.uid, uid);
  t.equal(metadata.deletionTimestamp, undefined);
  t.equal(metadata.annotations?.["ostler.dev/source-path"], "z.yaml");
});

t.test("an object named twice belongs to its first file, whatever comes and goes", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("b.yaml", machineYaml("one"));
  await world.look();
  world.folder.put("a.yaml", machineYaml("one", "  runStrategy: Halted\n"));
  for (let count = 0; count < 3; count += 1) await world.look();
  await world.restart();
  await world.look();
  t.equal((await machine(world, "one")).spec.runStrategy, "Always");
  t.match((await world.source()).status?.problems, [
    {
      file: "a.yaml",
      line: 1,
      message: "virtualmachines.ostler.dev default/one already comes from b.yaml; this one is ignored",
    },
  ]);
  world.folder.remove("b.yaml");
  await world.look();
  t.equal(
    (await machine(world, "one")).spec.runStrategy,
    "Halted",
    "the heir takes over, nothing is deleted",
  );
  t.equal((await world.source()).status?.problems, undefined);
});

t.test("of two new files the first by name wins", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("b.yaml", machineYaml("one"));
  world.folder.put("a.yaml", machineYaml("one", "  runStrategy: Halted\n"));
  await world.look();
  t.equal((await machine(world, "one")).spec.runStrategy, "Halted");
  t.match((await world.source()).status?.problems, [
    { file: "b.yaml", message: /already comes from a\.yaml/ },
  ]);
});

const emptied: readonly [string, (path: string) => void, string][] = [
  ["whose files are all removed", clear, "PruneBlocked"],
  ["that is removed with rm -rf", (path) => rmSync(path, { recursive: true }), "Unreadable"],
  ["that became a device", becomeDevice, "Unreadable"],
  ["from which its mount has gone", becomeMountPoint, "PruneBlocked"],
];

function becomeDevice(path: string): void {
  rmSync(path, { recursive: true });
  symlinkSync("/dev/null", path);
}

function becomeMountPoint(path: string): void {
  clear(path);
  mkdirSync(join(path, "lost+found"));
}

function clear(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
}

for (const [what, happen, reason] of emptied) {
  t.test(`a folder ${what} deletes nothing`, async (t) => {
    const world = await openSourceWorld(t);
    world.folder.put("a.yaml", machineYaml("one"));
    await world.look();
    happen(world.folder.path);
    await world.lookTwice();
    await world.restart();
    await world.lookTwice();
    t.strictSame(await world.machines(), ["one"]);
    t.equal(await ready(world), reason);
    clear(world.folder.path);
    world.folder.put("a.yaml", machineYaml("one"));
    await world.look();
    t.equal(await ready(world), "Applied");
  });
}

t.test(
  "a folder on another device deletes nothing unconfirmed, and is trusted when nothing is missing",
  async (t) => {
    const world = await openSourceWorld(t);
    for (const name of many) world.folder.put(`${name}.yaml`, machineYaml(name));
    await world.look();
    const { device, ...status } = (await world.source()).status ?? {};
    const source = await world.source();
    await world.engine.store.updateStatus(SourceKind, { ...source, status: { ...status, device: "before" } });
    world.folder.remove("vm-00.yaml");
    await world.restart();
    await world.lookTwice();
    t.strictSame(await world.machines(), many);
    t.match(await pending(world), { reason: "DeviceChanged", total: 1 });
    t.equal((await world.source()).status?.device, "before");
    world.folder.put("vm-00.yaml", machineYaml("vm-00"));
    await world.look();
    t.equal((await world.source()).status?.device, device);
    world.folder.remove("vm-00.yaml");
    await world.lookTwice();
    t.equal((await world.machines()).length, 39);
  },
);

t.test("many deletions at once wait until their plan is confirmed", async (t) => {
  const world = await openSourceWorld(t);
  for (const name of many) world.folder.put(`${name}.yaml`, machineYaml(name));
  await world.look();
  for (const name of many.slice(0, 5)) world.folder.remove(`${name}.yaml`);
  await world.lookTwice();
  t.equal((await world.machines()).length, 40);
  const plan = await pending(world);
  t.match(plan, {
    reason: "TooManyDeletions",
    total: 5,
    message: /^5 of 40 objects are gone .* source confirm /,
  });
  t.equal(world.events.length, 1);
  await confirm(world, "0000000000000000");
  await world.lookTwice();
  t.equal((await world.machines()).length, 40, "another hash confirms nothing");
  await confirm(world, plan?.planHash ?? "");
  world.folder.remove("vm-10.yaml");
  await world.lookTwice();
  t.equal((await world.machines()).length, 40, "one more object is another plan");
  world.folder.put("vm-10.yaml", machineYaml("vm-10"));
  await world.look();
  t.strictSame(await world.machines(), many.slice(5));
  t.equal(await pending(world), undefined);
  t.equal(await ready(world), "Applied");
});

t.test("a confirmation is good for those very objects only", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  world.folder.remove("a.yaml");
  await world.lookTwice();
  await confirm(world, (await pending(world))?.planHash ?? "");
  const vm = await machine(world, "one");
  await world.engine.store.delete(VirtualMachineKind, { namespace: "default", name: "one" });
  const dying = await machine(world, "one");
  await world.engine.store.update(VirtualMachineKind, {
    ...dying,
    metadata: { ...dying.metadata, finalizers: [] },
  });
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  world.folder.remove("a.yaml");
  await world.lookTwice();
  t.strictSame(await world.machines(), ["one"]);
  t.not((await machine(world, "one")).metadata.uid, vm.metadata.uid);
});

t.test("a few of many are deleted without asking", async (t) => {
  const world = await openSourceWorld(t);
  for (const name of many) world.folder.put(`${name}.yaml`, machineYaml(name));
  await world.look();
  for (const name of many.slice(0, 4)) world.folder.remove(`${name}.yaml`);
  await world.lookTwice();
  t.strictSame(await world.machines(), many.slice(4), "4 of 40 are 10 %, not more");
});

t.test("with prune off nothing is deleted", async (t) => {
  const world = await openSourceWorld(t, { prune: false });
  world.folder.put("a.yaml", machineYaml("one"));
  world.folder.put("b.yaml", machineYaml("two"));
  await world.look();
  world.folder.remove("a.yaml");
  await world.lookTwice();
  t.strictSame(await world.machines(), ["one", "two"]);
  t.equal(await ready(world), "Applied");
});

t.test("an object that did not come from a file is left alone until it is adopted", async (t) => {
  const world = await openSourceWorld(t);
  const given = { apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata: { name: "one" } };
  const spec = { cpus: 4, memory: "1Gi" };
  const { store } = world.engine;
  const { metadata } = await store.create(VirtualMachineKind, admit(VirtualMachineKind, { ...given, spec }));
  world.folder.put("a.yaml", machineYaml("one"));
  await world.lookTwice();
  t.equal((await machine(world, "one")).spec.cpus, 4);
  t.match((await world.source()).status?.problems, [{ file: "a.yaml", message: /was not made from a file/ }]);
  const adopting = machineYaml("one").replace("spec:", '  annotations: {ostler.dev/adopt: "true"}\nspec:');
  world.folder.put("a.yaml", adopting);
  await world.look();
  const adopted = await machine(world, "one");
  t.equal(adopted.spec.cpus, 1);
  t.equal(adopted.metadata.uid, metadata.uid);
  t.strictSame(adopted.metadata.annotations, { "ostler.dev/source-path": "a.yaml" });
  t.equal((await world.source()).status?.problems, undefined);
});

t.test("a missing namespace is a problem of that object only", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one").replace("name: one", "name: one\n  namespace: blue"));
  world.folder.put("b.yaml", machineYaml("two"));
  await world.look();
  t.strictSame(await world.machines(), ["two"]);
  t.match((await world.source()).status?.problems, [
    { file: "a.yaml", line: 1, message: /"blue" not found/ },
  ]);
  await world.engine.addNamespace("blue");
  await world.look();
  t.strictSame(await world.machines(), ["one", "two"]);
});

t.test("what the store refuses is a problem at its file", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one", "  disks: [{name: a, size: 2Gi}]\n"));
  await world.look();
  world.folder.put("a.yaml", machineYaml("one", "  disks: [{name: a, size: 1Gi}]\n"));
  await world.look();
  t.match((await world.source()).status?.problems, [
    { file: "a.yaml", line: 1, message: /a disk cannot shrink/ },
  ]);
});

t.test("a manifest says nothing that is the system's to say", async (t) => {
  const world = await openSourceWorld(t);
  const [head, ...tail] = machineYaml("one").split("spec:");
  const system =
    '  uid: x\n  resourceVersion: "3"\n  creationTimestamp: null\n  labels: {ostler.dev/source: x}\n';
  world.folder.put("a.yaml", `${head}${system}spec:${tail.join("")}status: {hostName: h1}\n`);
  world.folder.put("b.yaml", `${machineYaml("two")}status: {}\n`);
  world.folder.put("c.yaml", "apiVersion: v1\nkind: Event\nmetadata: {name: a}\ninvolvedObject: {}\n");
  await world.look();
  t.strictSame(await world.machines(), ["two"]);
  const problems = (await world.source()).status?.problems ?? [];
  t.strictSame(
    problems.map(({ file, line, path }) => [file, line, path]),
    [
      ["a.yaml", 5, "metadata.uid"],
      ["a.yaml", 6, "metadata.resourceVersion"],
      ["a.yaml", 8, 'metadata.labels["ostler.dev/source"]'],
      ["a.yaml", 12, "status"],
      ["c.yaml", 2, "kind"],
    ],
  );
});

t.test("a symbolic link is not followed, and deletes nothing", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  world.folder.put("b.yaml", machineYaml("two"));
  await world.look();
  renameSync(join(world.folder.path, "a.yaml"), join(world.folder.path, "a.txt"));
  symlinkSync("a.txt", join(world.folder.path, "a.yaml"));
  await world.lookTwice();
  t.strictSame(await world.machines(), ["one", "two"]);
  t.match((await world.source()).status?.problems, [{ file: "a.yaml", message: /symbolic link/ }]);
});

t.test("a namespace that others use is not deleted unasked", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: blue}\n");
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  const metadata = { name: "theirs", namespace: "blue" };
  const vm = { ...(await machine(world, "one")), metadata };
  await world.engine.store.create(VirtualMachineKind, vm);
  world.folder.remove("ns.yaml");
  await world.lookTwice();
  t.match(await pending(world), {
    reason: "NamespaceInUse",
    message: /^namespace blue still holds .*theirs/,
  });
  t.equal(
    (await world.engine.store.get(NamespaceKind, { name: "blue" }))?.metadata.deletionTimestamp,
    undefined,
  );
});

t.test("a host whose machines go with it is deleted when they are gone", async (t) => {
  const world = await openSourceWorld(t);
  const { store } = world.engine;
  world.folder.put("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: blue}\n");
  world.folder.put(
    "h1.yaml",
    "apiVersion: ostler.dev/v1\nkind: Host\nmetadata: {name: h1}\nspec: {uri: 'test:///default'}\n",
  );
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  await store.updateStatus(VirtualMachineKind, {
    ...(await machine(world, "one")),
    status: { hostName: "h1" },
  });
  world.folder.remove("h1.yaml");
  await world.lookTwice();
  t.match(await pending(world), { reason: "HostInUse", message: /^host h1 still has .*one/ });
  world.folder.remove("a.yaml");
  await world.lookTwice();
  const going = await machine(world, "one");
  t.ok(going.metadata.deletionTimestamp);
  await world.lookTwice();
  t.ok(await store.get(HostKind, { name: "h1" }), "it is needed to end the machine");
  await store.update(VirtualMachineKind, { ...going, metadata: { ...going.metadata, finalizers: [] } });
  await world.lookTwice();
  t.equal(await store.get(HostKind, { name: "h1" }), undefined);
});

t.test("a deleted Source leaves its objects", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("a.yaml", machineYaml("one"));
  await world.look();
  await world.engine.store.delete(SourceKind, { name: "manifests" });
  t.strictSame(await world.look(), {});
  t.strictSame(await world.machines(), ["one"]);
});

t.test("a Source may point to another folder", async (t) => {
  const world = await openSourceWorld(t);
  world.folder.put("old/a.yaml", machineYaml("one"));
  world.folder.put("new/a.yaml", machineYaml("one", "  runStrategy: Halted\n"));
  const pointTo = (name: string) =>
    world.editSource((source) => ({
      ...source,
      spec: { ...source.spec, directory: join(world.folder.path, name) },
    }));
  await pointTo("old");
  await world.look();
  await pointTo("new");
  await world.look();
  t.equal((await machine(world, "one")).spec.runStrategy, "Halted");
  t.equal((await world.source()).status?.observedGeneration, 3);
});
