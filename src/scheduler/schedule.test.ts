import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { spread } from "./policies.ts";
import { schedule } from "./schedule.ts";

t.test("the emptiest host that fits is chosen", async (t) => {
  const hosts = [hostState(), hostState({ name: "h2" })];
  const snapshot = snapshotOf(hosts, [[request(4, { name: "o" }), "h1"]]);
  t.match(schedule(request(2), snapshot, spread), { type: "placed", hostName: "h2" });
});

t.test("among equals the first by age, then by name, is chosen, in whatever order they came", async (t) => {
  t.match(schedule(request(1), snapshotOf([hostState({ name: "h2" }), hostState()]), spread), {
    hostName: "h1",
  });
  const older = hostState({ name: "h9", createdAt: "2025-01-01T00:00:00Z" });
  const younger = hostState({ createdAt: "2026-01-01T00:00:00Z" });
  t.match(schedule(request(1), snapshotOf([younger, older]), spread), { hostName: "h9" });
});

t.test("a host that exactly fits is chosen, one that is a byte short is not", async (t) => {
  const { resources } = request(2);
  const exact = snapshotOf([hostState({ allocatable: resources })]);
  t.match(schedule(request(2), exact, spread), { type: "placed" });
  const short = { ...resources, memoryBytes: resources.memoryBytes - 1 };
  t.same(schedule(request(2), snapshotOf([hostState({ allocatable: short })]), spread), {
    type: "unschedulable",
    message: "0 of 1 hosts can take it: 1 with too little memory",
  });
});

t.test("each reason is told with the number of hosts that gave it, the most frequent first", async (t) => {
  const hosts = [
    hostState({ name: "h1", ready: false }),
    hostState({ name: "h2", unschedulable: true }),
    hostState({ name: "h3" }),
    hostState({ name: "h4" }),
    hostState({ name: "h5", acceleratorKnown: false }),
    hostState({ name: "h6", allocatable: { cpus: 8, memoryBytes: 800, diskBytes: 1 } }),
  ];
  const snapshot = snapshotOf(hosts, [
    [request(8, { name: "a" }), "h3"],
    [request(8, { name: "b" }), "h4"],
  ]);
  t.same(schedule(request(2), snapshot, spread), {
    type: "unschedulable",
    message:
      "0 of 6 hosts can take it: 2 with too few CPUs, 1 not ready, 1 cordoned, " +
      "1 with no known accelerator yet, 1 with too little disk",
  });
});

t.test("a message stays short however many reasons there are", async (t) => {
  const hosts = Array.from({ length: 100 }, (_, index) =>
    hostState({ name: `h${index}`, taints: [{ key: `t${index}`, effect: "NoSchedule" }] }),
  );
  const placement = schedule(request(1), snapshotOf(hosts), spread);
  t.match(placement, { type: "unschedulable", message: /, 92 for other reasons$/ });
});

t.test("without hosts it says so", async (t) => {
  t.same(schedule(request(1), snapshotOf([]), spread), {
    type: "unschedulable",
    message: "there are no hosts: add a Host",
  });
});

t.test("a host of which only a machine is known takes none", async (t) => {
  const snapshot = snapshotOf([], [[request(1, { name: "o" }), "h1"]]);
  t.match(schedule(request(1), snapshot, spread), { message: "there are no hosts: add a Host" });
  snapshot.setHost(hostState());
  t.same(schedule(request(8), snapshot, spread), {
    type: "unschedulable",
    message: "0 of 1 hosts can take it: 1 with too few CPUs",
  });
});
