import t from "tap";
import type { HostState } from "./framework.ts";
import { spread } from "./policies.ts";
import { schedule } from "./schedule.ts";

const gib = 2 ** 30;
const request = { resources: { cpus: 2, memoryBytes: 4 * gib, diskBytes: 10 * gib } };

function host(name: string, changes: Partial<HostState> = {}): HostState {
  return {
    name,
    ready: true,
    unschedulable: false,
    acceleratorKnown: true,
    allocatable: { cpus: 8, memoryBytes: 16 * gib, diskBytes: 100 * gib },
    allocated: { cpus: 0, memoryBytes: 0, diskBytes: 0 },
    ...changes,
  };
}

const half = { cpus: 4, memoryBytes: 8 * gib, diskBytes: 0 };

t.test("the emptiest host that fits is chosen", async (t) => {
  t.match(schedule(request, [host("h1", { allocated: half }), host("h2")], spread), {
    type: "placed",
    hostName: "h2",
  });
});

t.test("among equals the first by name is chosen, whatever the order", async (t) => {
  t.match(schedule(request, [host("h2"), host("h1")], spread), { hostName: "h1" });
});

t.test("a host that exactly fits is chosen, one that is a byte short is not", async (t) => {
  const exact = { cpus: 2, memoryBytes: 4 * gib, diskBytes: 10 * gib };
  t.match(schedule(request, [host("h1", { allocatable: exact })], spread), { type: "placed" });
  const short = { ...exact, memoryBytes: 4 * gib - 1 };
  t.same(schedule(request, [host("h1", { allocatable: short })], spread), {
    type: "unschedulable",
    message: "0 of 1 hosts can take it: 1 with too little memory",
  });
});

t.test("each reason is told with the number of hosts that gave it", async (t) => {
  const full = { cpus: 8, memoryBytes: 0, diskBytes: 0 };
  const hosts = [
    host("h1", { ready: false }),
    host("h2", { unschedulable: true }),
    host("h3", { allocated: full }),
    host("h4", { allocated: full }),
    host("h5", { acceleratorKnown: false }),
    host("h6", { allocatable: { ...half, diskBytes: 1 } }),
  ];
  t.same(schedule(request, hosts, spread), {
    type: "unschedulable",
    message:
      "0 of 6 hosts can take it: 1 not ready, 1 cordoned, 2 with too few CPUs, " +
      "1 with no known accelerator yet, 1 with too little disk",
  });
});

t.test("without hosts it says so", async (t) => {
  t.same(schedule(request, [], spread), { type: "unschedulable", message: "there are no hosts: add a Host" });
});

t.test("a host with nothing allocatable scores nothing and takes nothing", async (t) => {
  const nothing = { cpus: 0, memoryBytes: 0, diskBytes: 0 };
  const free = { resources: nothing };
  t.same(schedule(free, [host("h1", { allocatable: nothing })], spread), {
    type: "placed",
    hostName: "h1",
    score: 0,
  });
});
