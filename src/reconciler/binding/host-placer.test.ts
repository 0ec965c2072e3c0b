import t from "tap";
import { spread } from "../../scheduler/policies.ts";
import type { Host } from "../../schema/host.ts";
import { hostObject } from "../../testing/session-fixture.ts";
import { HostPlacer } from "./host-placer.ts";
import { Placements } from "./placements.ts";

const room = { cpus: 4, memoryBytes: 400, diskBytes: 4_000 };
const some = (cpus: number) => ({ cpus, memoryBytes: cpus * 100, diskBytes: cpus * 1_000 });

function ready(name: string, spec: Record<string, unknown> = {}): Host {
  return { ...hostObject(name, spec), status: { accelerator: "qemu", allocatable: room } };
}

function fixture(...hosts: readonly Host[]) {
  const placements = new Placements();
  const away = new Set<string>();
  const placer = new HostPlacer({
    hosts: () => hosts,
    hostNamed: (name) => hosts.find(({ metadata }) => metadata.name === name),
    isConnected: (name) => !away.has(name),
    placements,
    profile: spread,
  });
  return { placer, placements, away };
}

t.test("what is placed is promised at once, so that nobody else gets it", async (t) => {
  const { placer, placements } = fixture(ready("h1"));
  t.match(placer.place("a", some(3)), { type: "placed", hostName: "h1" });
  t.match(placer.place("b", some(2)), { type: "unschedulable", message: /too few CPUs/ });
  t.same(placements.allocatedOn("h1"), some(3));
  placer.release("a");
  t.match(placer.place("b", some(2)), { type: "placed" });
});

t.test("hosts that are away, cordoned, being deleted or not known well enough are left out", async (t) => {
  const { status: _none, ...unknown } = ready("h3");
  const leaving = ready("h4");
  const deleted = {
    ...leaving,
    metadata: { ...leaving.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
  };
  const { placer, away } = fixture(ready("h1"), ready("h2", { unschedulable: true }), unknown, deleted);
  away.add("h1");
  t.same(placer.place("a", some(1)), {
    type: "unschedulable",
    message: "0 of 4 hosts can take it: 2 cordoned, 1 not ready, 1 with no known accelerator yet",
  });
});

t.test("a machine grows on its host as far as there is room beside the others", async (t) => {
  const { placer, placements } = fixture(ready("h1"));
  placer.place("a", some(1));
  placer.place("b", some(1));
  t.equal(placer.reserve("a", "h1", some(3)), undefined);
  t.equal(placer.reserve("b", "h1", some(2)), "with too few CPUs");
  t.same(placements.allocatedOn("h1"), some(4));
  t.equal(placer.reserve("a", "h1", some(2)), undefined);
  t.equal(placer.reserve("b", "h1", some(2)), undefined);
  t.same(placements.allocatedOn("h1"), some(4));
});

t.test("a machine shrinks also where there is too little for all", async (t) => {
  const { placer, placements } = fixture(ready("h1"));
  placements.set("a", "h1", some(9));
  t.equal(placer.reserve("a", "h1", some(8)), undefined);
  t.equal(placer.reserve("a", "h1", some(9)), "with too few CPUs");
});

t.test("nothing is reserved on a host that is gone", async (t) => {
  const { placer, placements } = fixture();
  t.equal(placer.reserve("a", "h1", some(1)), "gone");
  t.notOk(placements.has("a"));
});
