import t from "tap";
import { admit } from "../schema/admission.ts";
import { HostKind } from "../schema/host.ts";
import { machine } from "../testing/machine-fixture.ts";
import { describeRoom } from "./describe-host.ts";

const gib = 2 ** 30;
const host = admit(HostKind, {
  apiVersion: "ostler.dev/v1",
  kind: "Host",
  metadata: { name: "h1" },
  spec: { uri: "qemu:///system" },
});

t.test("a host's room is told beside what its machines were given", async (t) => {
  const status = {
    capacity: { cpus: 16, memoryBytes: 64 * gib, diskBytes: 2 ** 40 },
    allocatable: { cpus: 64, memoryBytes: 63.5 * gib, diskBytes: 2 ** 40 },
  };
  const allocated = { cpus: 2, memoryBytes: 3 * gib, diskBytes: 10 * gib };
  const machines = [machine({}, { allocated }), machine({}, { allocated }), machine()];
  const lines = describeRoom({ ...host, status }, machines)
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));
  t.strictSame(lines, [
    ["Room, with 3 machines placed:"],
    ["CAPACITY", "RESERVED", "ALLOCATABLE", "ALLOCATED"],
    ["CPUs", "16", "0", "64", "4"],
    ["Memory", "64Gi", "512Mi", "63.5Gi", "6Gi"],
    ["Disk", "1Ti", "0", "1Ti", "20Gi"],
    [""],
  ]);
});

t.test("of a host that was never reached nothing is made up", async (t) => {
  t.match(describeRoom(host, []), /Memory +\? +512Mi +\? +0\n/);
});
