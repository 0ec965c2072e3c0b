import t from "tap";
import { admit } from "../../schema/admission.ts";
import { type Host, HostKind } from "../../schema/host.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";
import { type Volume, VolumeKind } from "../../schema/volume.ts";
import { instanceType, machine } from "../../testing/machine-fixture.ts";
import { moving } from "../../testing/volume-plan-fixture.ts";
import { freeOn, hasRoom, inUnits, isKnown, sizeOfMachine, typeInUnits } from "./room.ts";

const mib = 2 ** 20;
const gib = 2 ** 30;
const allocatable = { cpus: 4, memoryBytes: 4096 * mib, diskBytes: 100 * gib };
const condition = (status: "True" | "False") => ({
  type: "Ready",
  status,
  reason: "Connected",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
});

function host(spec: Record<string, unknown> = {}, ready: "True" | "False" = "True"): Host {
  const manifest = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name: "h1" } };
  const admitted = admit(HostKind, { ...manifest, spec: { uri: "fake://h1", ...spec } });
  return { ...admitted, status: { conditions: [condition(ready)], capacity: allocatable, allocatable } };
}

const allocated = { cpus: 1, memoryBytes: 1024 * mib, diskBytes: 10 * gib };
const here = machine({}, { hostName: "h1", allocated });
const elsewhere = machine({}, { hostName: "h2", allocated });
const nowhere = machine({});

const tenants = (...machines: readonly VirtualMachine[]) => ({ machines, volumes: [] });

function volume(status: NonNullable<Volume["status"]>): Volume {
  const manifest = { apiVersion: "ostler.dev/v1", kind: "Volume", metadata: { name: "data" } };
  return { ...admit(VolumeKind, { ...manifest, spec: { size: "10Gi" } }), status };
}

t.test("volumes take room where they are, and while they are moved, in both places", async (t) => {
  const disk = (...volumes: readonly Volume[]) => inUnits(freeOn(host(), { machines: [], volumes })).disk;
  t.equal(disk(volume({ hostName: "h1" }), volume({ hostName: "h2" }), volume({})), 90);
  t.equal(disk(volume({ hostName: "h2", move: moving("h2", "h1", "Copying") })), 90);
  t.equal(disk(volume({ hostName: "h1", move: moving("h2", "h1", "Cleaning") })), 90);
});

t.test("free is what was promised to nobody", async (t) => {
  t.same(freeOn(host(), tenants()), allocatable);
  t.same(inUnits(freeOn(host(), tenants(here, elsewhere, nowhere, here))), { cpu: 2, ram: 2048, disk: 80 });
  t.same(
    inUnits(freeOn(host(), tenants(here, here, here, here, here))),
    { cpu: 0, ram: 0, disk: 50 },
    "never negative",
  );
});

t.test("only a host that answers, is open and has room takes a machine, to the last byte", async (t) => {
  t.ok(hasRoom(host(), tenants(), allocatable));
  for (const more of [{ cpus: 4.5 }, { memoryBytes: 4096 * mib + 1 }, { diskBytes: 100 * gib + 1 }]) {
    t.notOk(hasRoom(host(), tenants(), { ...allocatable, ...more }));
  }
  t.notOk(hasRoom(host(), tenants(here), allocatable));
  t.notOk(hasRoom(host({ unschedulable: true }), tenants(), allocated));
  t.notOk(hasRoom(host({}, "False"), tenants(), allocated));
  const leaving = host();
  const metadata = { ...leaving.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
  t.notOk(hasRoom({ ...leaving, metadata }, tenants(), allocated));
});

t.test("a host is known when it answers and has told what it has", async (t) => {
  t.ok(isKnown(host()));
  t.notOk(isKnown(host({}, "False")));
  const { status: _status, ...silent } = host();
  t.notOk(isKnown(silent));
});

t.test("a machine takes what its type says, and the disk of its image if that is larger", async (t) => {
  const small = instanceType("small", 2, "512Mi", "1Gi");
  t.same(sizeOfMachine(small, gib / 2), { cpus: 2, memoryBytes: 512 * mib, diskBytes: gib });
  t.same(sizeOfMachine(small, 3 * gib).diskBytes, 3 * gib);
  t.same(sizeOfMachine(instanceType("bare", 1, "1Gi"), 5).diskBytes, 5);
});

t.test("sizes are told in MB and GB", async (t) => {
  t.same(inUnits({ cpus: 7.9, memoryBytes: 1.5 * gib, diskBytes: 1.9 * gib }), {
    cpu: 7,
    ram: 1536,
    disk: 1,
  });
  t.same(typeInUnits(instanceType("a", 1, "512Mi", "1Gi")), { cpu: 1, ram: 512, disk: 1 });
  t.same(typeInUnits(instanceType("a", 1, "1.5Gi")), { cpu: 1, ram: 1536, disk: 0 });
});
