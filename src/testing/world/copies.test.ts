import t from "tap";
import { machine } from "../machine-fixture.ts";
import { Actor } from "./actor.ts";
import { isKept, isPast } from "./copies.ts";
import type { SimHost } from "./sim-host.ts";
import { World } from "./world.ts";

async function oneMachine() {
  const world = await World.start({ seed: 1, hosts: [{ name: "h1" }, { name: "h2" }] });
  const actor = new Actor(world);
  void actor.addHost("h1");
  await world.time.runFor(1_000);
  void actor.addMachine("web");
  await world.time.runFor(5_000);
  const [vm] = world.audit.machines.values();
  const definition = world.host("h1").fake.findDomain(vm?.metadata.uid ?? "")?.observed.definition;
  if (definition === undefined) throw new Error("the machine runs");
  return { world, definition, uid: definition.mark.uid };
}

function breachesOf({ breaches }: World): readonly string[] {
  return breaches.map(({ id }) => id);
}

t.test("a machine that runs twice is a breach, whoever has started it the second time", async (t) => {
  const { world, definition } = await oneMachine();
  world.host("h2").fake.addDomain(definition).start();
  t.same(breachesOf(world), ["S1"]);
  world.killAll();
});

t.test("somebody else's domain with a machine's UUID is no second machine", async (t) => {
  const { world, uid } = await oneMachine();
  world.host("h2").fake.addDomain({ uid, domainName: "other", memoryBytes: 2 ** 30, running: true });
  t.same(breachesOf(world), []);
  world.killAll();
});

t.test(
  "what a machine has left on a host to which it came back, and from which it left again, is kept",
  async (t) => {
    const { world, definition } = await oneMachine();
    const [vm] = world.audit.machines.values();
    if (vm === undefined) throw new Error("there is a machine");
    const host = world.host("h2");
    const leftAt = (epoch: number) => {
      const { hostUuid } = host.fake.facts;
      return { hostName: "h2", hostUuid, epoch, since: "2026-01-01T00:00:00Z", volumes: [] };
    };
    const left = { ...vm, status: { ...vm.status, leftBehind: [leftAt(1), leftAt(3)] } };
    for (const [epoch, kept] of [
      [1, true],
      [3, true],
      [4, false],
    ] as const) {
      const mark = { ...definition.mark, epoch };
      const observed = { uid: mark.uid, domainName: "web", state: "shutoff", mark } as const;
      t.equal(
        isKept(left, host, { ...host.fake.addDomain({ ...definition, mark }).observed, ...observed }),
        kept,
      );
    }
    world.killAll();
  },
);

t.test("a definition of a placement that is over is nobody's loss", async (t) => {
  const here = "00000000-0000-4000-8000-00000000aaaa";
  const elsewhere = "00000000-0000-4000-8000-00000000bbbb";
  const over = { hostName: "h2", hostUuid: elsewhere, placementEpoch: 2 };
  const left = { hostName: "h1", hostUuid: here, epoch: 1, since: "2026-01-01T00:00:00Z", volumes: [] };
  const hostWith = (state?: "running" | "shutoff", epoch = 1) => {
    const observed = { state, mark: { epoch } };
    const fake = {
      facts: { hostUuid: here },
      findDomain: () => (state === undefined ? undefined : { observed }),
    };
    return { fake } as unknown as SimHost;
  };
  t.ok(isPast(machine({}, over), hostWith("shutoff")));
  t.ok(isPast(machine({}, over), hostWith()), "nothing is there");
  t.notOk(isPast(machine({}, over), hostWith("running")));
  t.notOk(isPast(machine({}, over), hostWith("shutoff", 2)), "of the present placement");
  t.notOk(isPast(machine({}, { ...over, hostUuid: here }), hostWith("shutoff")), "it was seen here");
  t.notOk(isPast(machine({}, { placementEpoch: 2 }), hostWith("shutoff")), "it was seen nowhere");
  t.notOk(isPast(machine({}, { ...over, leftBehind: [left] }), hostWith("shutoff")), "it is kept");
});
