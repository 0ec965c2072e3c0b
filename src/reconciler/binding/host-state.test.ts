import t from "tap";
import { hostObject } from "../../testing/session-fixture.ts";
import { hostStateOf } from "./host-state.ts";

const situation = { connected: true, volumes: ["image-a.raw", "vm-1-root.qcow2"] };

t.test("what is set down of a host and what is known of it come together", async (t) => {
  const taints = [{ key: "gpu", effect: "NoSchedule" }];
  const host = hostObject("h1", { taints });
  const allocatable = { cpus: 4, memoryBytes: 5, diskBytes: 6 };
  const status = { accelerator: "qemu" as const, architecture: "x86_64", allocatable };
  t.match(hostStateOf({ ...host, status }, situation), {
    name: "h1",
    ready: true,
    unschedulable: false,
    acceleratorKnown: true,
    architecture: "x86_64",
    labels: { "ostler.dev/hostname": "h1" },
    taints,
    allocatable,
  });
  t.same([...hostStateOf(host, situation).contents], ["image-a.raw"]);
});

t.test("a host that is not known yet, cordoned or being deleted takes nothing", async (t) => {
  const host = hostObject("h1", { unschedulable: true });
  t.match(hostStateOf(host, { ...situation, connected: false }), {
    ready: false,
    unschedulable: true,
    acceleratorKnown: false,
    allocatable: { cpus: 0, memoryBytes: 0, diskBytes: 0 },
  });
  const { metadata, ...rest } = hostObject("h1");
  const leaving = { ...rest, metadata: { ...metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
  t.equal(hostStateOf(leaving, situation).unschedulable, true);
});
