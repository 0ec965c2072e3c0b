import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { compareHosts, HostTable } from "./host-table.ts";

const names = (table: HostTable) => Array.from(table.order(), (row) => table.nameOf(row));

function enter(table: HostTable, host = hostState()): number {
  const row = table.ensure(host.name);
  table.set(row, host);
  return row;
}

t.test("hosts are in the order of their age, then of their names", async (t) => {
  const table = new HostTable();
  enter(table, hostState({ name: "b", createdAt: "2026" }));
  enter(table, hostState({ name: "a", createdAt: "2026" }));
  enter(table, hostState({ name: "z", createdAt: "2025" }));
  t.same(names(table), ["z", "a", "b"]);
  t.same(
    [...table.order()].map((row) => table.columns.rank[row]),
    [0, 1, 2],
  );
  enter(table, hostState({ name: "z", createdAt: "2027" }));
  t.same(names(table), ["a", "b", "z"]);
  t.equal(compareHosts({ createdAt: "", name: "a" }, { createdAt: "", name: "a" }), 0);
});

t.test("what is free is what is allocatable less what is promised, whatever changes first", async (t) => {
  const table = new HostTable();
  const row = table.ensure("h1");
  table.occupy(row, request(3).resources, 1);
  t.equal(table.columns.freeCpus[row], -3);
  table.set(row, hostState());
  t.equal(table.columns.freeCpus[row], 5);
  t.equal(table.columns.machines[row], 1);
  table.occupy(row, request(3).resources, -1);
  t.equal(table.columns.freeMemory[row], 800);
});

t.test("a row is used again when its host has gone and no machine is left, and never before", async (t) => {
  const table = new HostTable();
  const row = enter(table);
  table.occupy(row, request(1).resources, 1);
  table.clear(row);
  t.same(names(table), []);
  t.not(table.ensure("h2"), row);
  t.equal(table.ensure("h1"), row, "the machine still has its place");
  table.occupy(row, request(1).resources, -1);
  const again = table.ensure("h3");
  t.equal(again, row);
  table.set(again, hostState({ name: "h3" }));
  t.equal(table.columns.freeCpus[again], 8);
});

t.test("what most hosts have not is counted as hosts come, change and go", async (t) => {
  const table = new HostTable();
  const row = enter(table, hostState({ ready: false, failures: 2 }));
  t.match(table.counts, { notReady: 1, failing: 1, cordoned: 0 });
  enter(table, hostState({ unschedulable: true, taints: [{ key: "a", effect: "NoSchedule" }] }));
  t.match(table.counts, { notReady: 0, failing: 0, cordoned: 1, tainted: 1 });
  table.clear(row);
  table.clear(row);
  t.match(table.counts, { cordoned: 0, tainted: 0 });
});

t.test("a table grows with its hosts and keeps what it has", async (t) => {
  const table = new HostTable();
  for (let index = 0; index < 1000; index += 1) {
    const row = enter(table, hostState({ name: `h${index}` }));
    table.occupy(row, request(index % 7).resources, 1);
  }
  t.equal(table.order().length, 1000);
  t.equal(table.columns.freeCpus[table.rowOf("h5") ?? -1], 3);
});
