import * as fc from "fast-check";
import t from "tap";
import { compilePolicy, spread } from "../../scheduler/policies.ts";
import type { PlacementRequest } from "../../scheduler/request.ts";
import { hostState, request } from "../../testing/host-state.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { Binder } from "./binder.ts";

function fixture(...hosts: readonly Parameters<typeof hostState>[0][]) {
  const clock = new ManualClock();
  const news: string[] = [];
  const binder = new Binder({ clock, defaultProfile: spread, onNews: (uid) => news.push(uid) });
  for (const host of hosts) binder.setHost(hostState(host));
  let revision = 0;
  /** Asks, in the order of the calls. */
  const place = async (cpus: number, changes: Partial<PlacementRequest> = {}) => {
    revision += 1;
    return binder.place({ request: request(cpus, changes), revision });
  };
  return { binder, clock, news, place };
}

t.test("what is decided is promised at once, so that nobody else gets it", async (t) => {
  const { place } = fixture({});
  const [first, second] = await Promise.all([place(5, { name: "a" }), place(4, { name: "b" })]);
  t.match(first, { type: "placed", hostName: "h1" });
  t.match(second, { type: "unschedulable", message: /too few CPUs/ });
});

t.test("those who ask together are served by priority, then in the order in which they came", async (t) => {
  const { place } = fixture({});
  const low = place(4, { name: "low" });
  const [first, second, high] = [
    place(4, { name: "first", priority: 1 }),
    place(4, { name: "second", priority: 1 }),
    place(4, { name: "high", priority: 9 }),
  ];
  t.match(await Promise.all([high, first, second, low]), [
    { type: "placed" },
    { type: "placed" },
    { type: "unschedulable" },
    { type: "unschedulable" },
  ]);
});

t.test("who waits is called when there is room, the first first, and finds it kept", async (t) => {
  const { binder, clock, news, place } = fixture({});
  await place(8, { name: "large" });
  await place(4, { name: "a" });
  await place(8, { name: "b" });
  await place(4, { name: "c" });
  binder.release("uid-of-large");
  await clock.advance(100);
  t.same(news, ["uid-of-a", "uid-of-c"], "b does not fit beside a, and its reason is the same");
  t.match(await place(1, { name: "d" }), { type: "unschedulable" });
  t.match(await place(4, { name: "c" }), { type: "placed" });
});

t.test("a machine whose reason has changed is called, too", async (t) => {
  const { binder, clock, news, place } = fixture({});
  await place(9, { name: "a" });
  binder.setHost(hostState({ unschedulable: true }));
  await clock.advance(100);
  t.same(news, ["uid-of-a"]);
  binder.setHost(hostState({ unschedulable: true }));
  await clock.advance(10_000);
  t.equal(news.length, 1);
});

t.test("a claim for what the machine no longer asks for is given back", async (t) => {
  const { binder, clock, place } = fixture({});
  await place(8, { name: "large" });
  await place(4, { name: "a" });
  binder.release("uid-of-large");
  await clock.advance(100);
  t.match(await place(6, { name: "a" }), { type: "placed" });
  t.equal(binder.snapshot.placed("uid-of-a")?.request.resources.cpus, 6);
});

t.test(
  "a machine that has lost its host keeps no room there while it waits, one that has it does",
  async (t) => {
    const { binder, place } = fixture({});
    const elsewhere = { volumeHosts: ["h2"] };
    await place(4, { name: "a" });
    await place(4, { name: "b" });
    const placed = { request: request(4, { name: "b" }), hostName: "h1" };
    const turn = { request: request(4, { name: "b", ...elsewhere }), revision: 9, placed };
    t.match(await binder.place(turn), { type: "unschedulable" });
    t.match(await place(4, { name: "c" }), { type: "unschedulable" });
    t.match(await place(4, { name: "a", ...elsewhere }), { type: "unschedulable" });
    t.match(await place(4, { name: "c" }), { type: "placed" });
  },
);

t.test("a machine that is refused what it asks for by now keeps what it has, and no more", async (t) => {
  const { binder, clock, place } = fixture({});
  const disk = { cpus: 0, memoryBytes: 0, diskBytes: 4_000 };
  const placed = { request: request(0, { name: "a", resources: disk }), hostName: "h1" };
  const comeBack = (cpus: number) => {
    const resources = { ...disk, cpus };
    return binder.place({ request: request(0, { name: "a", resources }), revision: 1, placed });
  };
  const promised = () => binder.snapshot.placed("uid-of-a")?.request.resources;
  binder.assume(placed.request, "h1");
  await place(8, { name: "large", resources: { cpus: 8, memoryBytes: 0, diskBytes: 0 } });
  t.match(await comeBack(4), { type: "unschedulable" });
  binder.release("uid-of-large");
  await clock.advance(100);
  t.same(promised(), { ...disk, cpus: 4 }, "this is kept for it");
  t.match(await comeBack(9), { type: "unschedulable" });
  t.same(promised(), disk);
  t.match(await place(5, { name: "b" }), { type: "unschedulable", message: /too little disk/ });
  t.match(await comeBack(8), { type: "placed" });
  t.match(await comeBack(9), { type: "unschedulable" }, "that it was placed could not be written");
  t.same(promised(), disk);
});

t.test("a machine that waits for another to be near is called when that one has come", async (t) => {
  const { clock, news, place } = fixture({});
  const labelSelector = { matchLabels: { app: "db" } };
  const term = { labelSelector, topologyKey: "ostler.dev/hostname" };
  const machineAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
  const near = { rules: { affinity: { machineAffinity } } };
  t.match(await place(1, { name: "web", ...near }), { type: "unschedulable" });
  await place(1, { name: "db", labels: { app: "db" } });
  await clock.advance(100);
  t.same(news, ["uid-of-web"]);
});

t.test("a machine grows on its host as far as there is room beside the others", async (t) => {
  const { binder, place } = fixture({});
  await place(2, { name: "a" });
  await place(2, { name: "b" });
  const { resources } = request(6);
  t.equal(binder.reserve("uid-of-a", "h1", resources), undefined);
  t.equal(binder.reserve("uid-of-b", "h1", request(3).resources), "with too few CPUs");
  t.equal(binder.reserve("uid-of-a", "h1", request(5).resources), undefined);
  binder.noteWritten("uid-of-a", "h1", request(5).resources);
  t.equal(binder.reserve("uid-of-b", "h1", request(3).resources), undefined);
});

t.test("a machine shrinks also where there is too little for all", async (t) => {
  const { binder } = fixture({});
  binder.assume(request(99, { name: "a" }), "h1");
  t.equal(binder.reserve("uid-of-a", "h1", request(98).resources), undefined);
  binder.noteWritten("uid-of-a", "h1", request(98).resources);
  t.equal(binder.reserve("uid-of-a", "h1", request(99).resources), "with too few CPUs");
});

t.test("what a machine gives up is free when that is written down, and not before", async (t) => {
  const { binder, place } = fixture({});
  const promised = () => binder.snapshot.placed("uid-of-a")?.request.resources;
  await place(6, { name: "a" });
  const less = request(2).resources;
  t.equal(binder.reserve("uid-of-a", "h1", less), undefined);
  t.match(await place(4, { name: "b" }), { type: "unschedulable" });
  const mixed = { ...less, cpus: 7 };
  t.equal(binder.reserve("uid-of-a", "h1", mixed), undefined);
  t.same(promised(), { ...request(6).resources, cpus: 7 });
  binder.noteWritten("uid-of-a", "h2", less);
  t.match(await place(4, { name: "b" }), { type: "unschedulable" }, "that was another host");
  binder.noteWritten("uid-of-a", "h1", less);
  t.same(promised(), less);
  t.match(await place(4, { name: "b" }), { type: "placed" });
});

t.test("what is written down of a machine does not take from it what is kept for it", async (t) => {
  const { binder, clock, place } = fixture({});
  const placed = { request: request(1, { name: "a" }), hostName: "h1" };
  const comeBack = () => binder.place({ request: request(6, { name: "a" }), revision: 1, placed });
  binder.assume(placed.request, "h1");
  await place(7, { name: "large" });
  t.match(await comeBack(), { type: "unschedulable" });
  binder.release("uid-of-large");
  await clock.advance(100);
  binder.noteWritten("uid-of-a", "h1", request(1).resources);
  t.match(await place(4, { name: "b" }), { type: "unschedulable" });
  t.match(await comeBack(), { type: "placed" });
});

t.test("nothing is reserved on a host that is gone", async (t) => {
  const { binder } = fixture({});
  binder.assume(request(1, { name: "a" }), "h2");
  t.equal(binder.reserve("uid-of-a", "h2", request(1).resources), "gone");
});

t.test("a machine's own policy counts, else the one that was set up", async (t) => {
  const policy = { type: "BinPacking" } as const;
  const hosts = [{ name: "h1" }, { name: "h2" }];
  const { place } = fixture(...hosts);
  await place(1, { name: "a" });
  t.match(await place(1, { name: "b" }), { hostName: "h2" });
  t.match(await place(2, { name: "c" }), { hostName: "h1" });
  t.match(await place(1, { name: "d", policy }), { hostName: "h1" });
  const clock = new ManualClock();
  const packing = new Binder({ clock, defaultProfile: compilePolicy(policy), onNews: () => {} });
  for (const host of hosts) packing.setHost(hostState(host));
  for (const name of ["a", "b"]) {
    const placed = await packing.place({ request: request(1, { name }), revision: 1 });
    t.match(placed, { hostName: "h1" });
  }
});

const names = fc.constantFrom("a", "b", "c", "d", "e", "f");
const deeds = fc.array(fc.tuple(names, fc.nat(10)), { maxLength: 60 });

t.test("whatever happens in whatever order, no host is promised more than it has", async () => {
  await fc.assert(
    fc.asyncProperty(deeds, async (done) => {
      const { binder, clock, place } = fixture({ name: "h1" }, { name: "h2" });
      const asking: Promise<unknown>[] = [];
      const promised = new Set<string>();
      for (const [name, cpus] of done) {
        const uid = `uid-of-${name}`;
        if (cpus > 7) await clock.advance(100);
        else if (cpus === 0 || promised.has(uid)) {
          await Promise.all(asking.splice(0));
          binder.release(uid);
          promised.delete(uid);
        } else {
          promised.add(uid);
          asking.push(place(cpus, { name }));
        }
        for (const host of ["h1", "h2"]) {
          const row = binder.snapshot.hosts.rowOf(host) ?? -1;
          const cpusTaken = [...binder.snapshot.machinesOn(row)].reduce(
            (sum, { request: { resources } }) => sum + resources.cpus,
            0,
          );
          if (cpusTaken > 8) throw new Error(`${host} has promised ${cpusTaken} CPUs`);
        }
      }
    }),
  );
});

/** One machine on a host that has gone, which gets another one while it is not looked at. */
async function whileItMoves() {
  const parts = fixture({ ready: false }, { name: "h2", ready: false });
  const { binder, clock, place } = parts;
  const moving = request(6, { name: "moving" });
  const placed = { request: moving, hostName: "h1" };
  binder.assume(moving, "h1");
  const ask = () => binder.place({ request: moving, revision: 1, placed });
  t.match(await ask(), { type: "unschedulable" });
  binder.setHost(hostState({ name: "h2" }));
  await clock.advance(100);
  t.equal(binder.snapshot.placed("uid-of-moving")?.hostName, "h2");
  binder.setHost(hostState({}));
  const other = () => place(6, { name: "other" });
  return { ...parts, ask, moving, other };
}

t.test("a machine that is to move keeps its room where it was, too, until that is written", async (t) => {
  const { binder, ask, other, moving } = await whileItMoves();
  t.match(await other(), { type: "unschedulable" }, "its host answers again");
  t.match(await ask(), { type: "placed", hostName: "h2" });
  binder.noteWritten(moving.uid, "h1", moving.resources);
  t.match(await other(), { type: "unschedulable" }, "what is written has it there");
  binder.noteWritten(moving.uid, "h2", moving.resources);
  t.match(await other(), { type: "placed", hostName: "h1" });
});

t.test("a machine that stays after all has one room", async (t) => {
  const { binder, other, moving } = await whileItMoves();
  binder.stay(moving, "h1");
  t.match(await other(), { type: "placed", hostName: "h2" });
});

t.test("a machine that goes while it moves leaves both rooms", async (t) => {
  const { binder, other, moving } = await whileItMoves();
  binder.release(moving.uid);
  t.match(await other(), { type: "placed" });
  t.match(await other(), { type: "placed" });
});

t.test("a machine that got room to come back and does not want it any more gives it back", async (t) => {
  const { binder, clock, place } = fixture({});
  await place(7, { name: "first" });
  const had = request(0, { name: "back" });
  binder.assume(had, "h1");
  const turn = {
    request: request(2, { name: "back" }),
    revision: 1,
    placed: { request: had, hostName: "h1" },
  };
  t.match(await binder.place(turn), { type: "unschedulable" });
  binder.release("uid-of-first");
  await clock.advance(100);
  t.equal(binder.snapshot.placed("uid-of-back")?.request.resources.cpus, 2);
  t.match(await place(7, { name: "other" }), { type: "unschedulable" });
  binder.stay(had, "h1");
  await clock.advance(100);
  t.match(await place(7, { name: "other" }), { type: "placed" });
});

t.test("for a machine that stays after all nobody makes room any more", async (t) => {
  const { binder, clock } = fixture({ ready: false }, { name: "h2" });
  const resources = { cpus: 6, memoryBytes: 60, diskBytes: 0 };
  const moving = request(6, { name: "moving", priority: 9, resources });
  const victim = request(6, { name: "victim", resources });
  binder.assume(moving, "h1");
  binder.assume(victim, "h2");
  const placed = { request: moving, hostName: "h1" };
  const asked = await binder.place({ request: moving, revision: 1, placed });
  t.match(asked, { type: "unschedulable", decision: { type: "Preempting" } });
  t.match(binder.preemptionOf(victim.uid), { type: "Preempted" });
  const small = request(2, { name: "other", resources: { ...resources, cpus: 2 } });
  const other = binder.place({ request: small, revision: 2 });
  t.match(await other, { type: "unschedulable" }, "the room is held");
  binder.stay(moving, "h1");
  t.equal(binder.preemptionOf(victim.uid), undefined);
  await clock.advance(100);
  t.equal(binder.snapshot.placed("uid-of-other")?.hostName, "h2", "and free again");
});
