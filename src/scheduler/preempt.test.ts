import * as fc from "fast-check";
import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { schedulingCase } from "../testing/scheduler-arbitrary.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { explain } from "./explain.ts";
import type { HostState } from "./host-state.ts";
import { spread } from "./policies.ts";
import { type Preemption, preempt } from "./preempt.ts";
import type { PlacementRequest } from "./request.ts";
import { makeRoom } from "./room-trial.ts";
import { schedule } from "./schedule.ts";

const machine = (name: string, cpus: number, priority: number, changes: Partial<PlacementRequest> = {}) =>
  request(cpus, { name, priority, resources: { cpus, memoryBytes: cpus * 100, diskBytes: 0 }, ...changes });
const two = [hostState({ name: "h1" }), hostState({ name: "h2" })];

function victims(
  newcomer: PlacementRequest,
  placed: readonly (readonly [PlacementRequest, string])[],
  hosts: readonly HostState[] = two,
): readonly string[] {
  const preemption = preempt(newcomer, snapshotOf(hosts, placed), spread);
  if (preemption === undefined) return [];
  return [preemption.hostName, ...preemption.victims.map((one) => one.request.name)];
}

t.test("only machines of lower priority make room, and none for who may not ask for it", async (t) => {
  const placed = [
    [machine("low", 8, 1), "h1"],
    [machine("high", 8, 5), "h2"],
  ] as const;
  t.same(victims(machine("m", 4, 5), placed), ["h1", "low"]);
  t.same(victims(machine("m", 4, 6), placed), ["h1", "low"]);
  t.same(victims(machine("m", 4, 1), placed), []);
  t.same(victims(machine("m", 4, 9, { preemptionPolicy: "Never" }), placed), []);
  t.same(victims(machine("m", 9, 9), placed), [], "it would not fit even alone");
});

t.test("the fewest of the highest priority go, then the fewest, then the smallest", async (t) => {
  const choices: readonly [string, (readonly [number, number])[], (readonly [number, number])[], string][] = [
    [
      "a lower priority rather than few",
      [
        [4, 2],
        [4, 3],
      ],
      [
        [2, 1],
        [2, 1],
        [4, 3],
      ],
      "h2",
    ],
    [
      "one rather than two of the same",
      [
        [2, 1],
        [2, 1],
        [4, 3],
      ],
      [
        [4, 1],
        [4, 3],
      ],
      "h2",
    ],
    [
      "a small one rather than a large one",
      [[8, 1]],
      [
        [4, 1],
        [4, 3],
      ],
      "h2",
    ],
    ["the first of equals", [[8, 1]], [[8, 1]], "h1"],
  ];
  for (const [name, first, second, hostName] of choices) {
    const on = (host: string, sizes: (readonly [number, number])[]) =>
      sizes.map(([cpus, priority], index) => [machine(`${host}-${index}`, cpus, priority), host] as const);
    t.equal(victims(machine("m", 4, 3), [...on("h1", first), ...on("h2", second)])[0], hostName, name);
  }
});

t.test("on one host the most important stay, and a smaller one goes in place of a larger", async (t) => {
  const placed = [1, 2, 3, 2].map((cpus, index) => [machine(`m${cpus}${index}`, cpus, 1), "h1"] as const);
  const [host] = two;
  t.same(victims(machine("m", 2, 2), placed, host && [host]), ["h1", "m21"]);
  t.same(victims(machine("m", 3, 2), placed, host && [host]), ["h1", "m32"]);
  const mixed = [
    [machine("a", 4, 1), "h1"],
    [machine("b", 4, 2), "h1"],
  ] as const;
  t.same(victims(machine("m", 4, 3), mixed, host && [host]), ["h1", "a"]);
});

t.test("a machine that it must be apart from makes way as well", async (t) => {
  const labelSelector = { matchLabels: { app: "web" } };
  const rules = {
    affinity: {
      machineAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector, topologyKey: "ostler.dev/hostname" },
        ],
      },
    },
  };
  const web = machine("web", 1, 1, { labels: { app: "web" } });
  const [host] = two;
  t.same(
    victims(
      machine("m", 1, 2, { rules }),
      [
        [web, "h1"],
        [machine("o", 1, 0), "h1"],
      ],
      host && [host],
    ),
    ["h1", "web"],
  );
});

t.test("with its victims gone the machine fits, and with any of them back it does not", async () => {
  await fc.assert(
    fc.property(schedulingCase, ({ hosts, placed, newcomer }) => {
      const snapshot = snapshotOf(hosts, placed);
      const before = JSON.stringify(explain(newcomer, snapshot, spread));
      if (schedule(newcomer, snapshot, spread).type === "placed") return;
      const found = preempt(newcomer, snapshot, spread);
      if (JSON.stringify(explain(newcomer, snapshot, spread)) !== before) throw new Error("changed");
      if (found === undefined) return;
      const fits = (spared?: string) => fitsWithout(found, hosts, placed, newcomer, spared);
      const isRight =
        found.victims.length > 0 &&
        found.victims.every(({ request: { priority } }) => priority < newcomer.priority) &&
        fits() &&
        found.victims.every(({ request: { uid } }) => !fits(uid));
      if (!isRight) throw new Error(JSON.stringify(found));
    }),
    { numRuns: 500 },
  );
});

function fitsWithout(
  { hostName, victims: gone }: Preemption,
  hosts: readonly HostState[],
  placed: readonly (readonly [PlacementRequest, string])[],
  newcomer: PlacementRequest,
  spared?: string,
): boolean {
  const after = snapshotOf(hosts, placed);
  for (const victim of gone) if (victim.request.uid !== spared) makeRoom(victim, after);
  const { hosts: told } = explain(newcomer, after, spread, { hostNames: new Set([hostName]) });
  return told.find((host) => host.hostName === hostName)?.total !== undefined;
}

const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 2 })), {
  maxLength: 7,
});

t.test(
  "on one host no other set of victims has fewer of the highest priority, nor fewer at all",
  async () => {
    await fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 12 }), (machines, cpus) => {
        const total = machines.reduce((sum, [size]) => sum + size, 0);
        const host = hostState({ allocatable: request(Math.max(total, 12)).resources });
        const placed = machines.map(
          ([size, priority], index) => [machine(`m${index}`, size, priority), "h1"] as const,
        );
        const newcomer = machine("m", cpus, 3);
        const found = preempt(newcomer, snapshotOf([host], placed), spread);
        const free = Math.max(total, 12) - total;
        const best = bruteForce(machines, cpus - free);
        return key(found?.victims.map((one) => one.request.priority) ?? []) === key(best);
      }),
      { numRuns: 300 },
    );
  },
);

/** The priorities of the least harmful set that frees enough, by trying all. */
function bruteForce(machines: readonly (readonly [number, number])[], needed: number): readonly number[] {
  let best: readonly number[] | undefined;
  for (let set = 0; set < 2 ** machines.length; set += 1) {
    const chosen = machines.filter((_machine, index) => (set >> index) & 1);
    if (chosen.reduce((sum, [size]) => sum + size, 0) < needed) continue;
    const priorities = chosen.map(([, priority]) => priority);
    if (best === undefined || key(priorities) < key(best)) best = priorities;
  }
  return best ?? [];
}

/** Smaller for less harm: counts of the highest priority first. */
function key(priorities: readonly number[]): string {
  return [2, 1, 0].map((priority) => priorities.filter((one) => one === priority).length).join("");
}

t.test("a machine that makes room keeps its disks where they are", async (t) => {
  const hosts = [hostState({ name: "h1" })];
  const withDisk = (name: string, cpus: number) => request(cpus, { name, priority: 1 });
  const asks = (diskBytes: number) =>
    request(4, { name: "m", priority: 5, resources: { cpus: 4, memoryBytes: 400, diskBytes } });
  const placed = [[withDisk("low", 8), "h1"]] as const;
  t.match(preempt(asks(0), snapshotOf(hosts, placed), spread), { hostName: "h1" }, "8,000 bytes are taken");
  t.equal(preempt(asks(1), snapshotOf(hosts, placed), spread), undefined);
});

t.test("a machine that is not always to run makes room for none", async (t) => {
  t.same(
    victims(machine("m", 4, 9), [[machine("once", 8, 1, { preemptible: false }), "h1"]], [hostState()]),
    [],
  );
});
