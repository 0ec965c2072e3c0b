import * as fc from "fast-check";
import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { schedulingCase } from "../testing/scheduler-arbitrary.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { applyChanges, type Change } from "./change.ts";
import { type Counterfactual, counterfactuals } from "./counterfactual.ts";
import { explain } from "./explain.ts";
import type { HostState } from "./host-state.ts";
import { spread } from "./policies.ts";
import type { PlacementRequest } from "./request.ts";
import { schedule } from "./schedule.ts";

const mib = 2 ** 20;
const room = (cpus: number) => ({ cpus, memoryBytes: cpus * 1024 * mib, diskBytes: cpus * 1_000 });
const host = (name: string, changes: Partial<HostState> = {}) =>
  hostState({ name, allocatable: room(8), ...changes });
const machine = (name: string, cpus: number, changes: Partial<PlacementRequest> = {}) =>
  request(cpus, { name, resources: room(cpus), ...changes });
const must = "requiredDuringSchedulingIgnoredDuringExecution";

function messages(
  newcomer: PlacementRequest,
  hosts: readonly HostState[],
  placed: readonly (readonly [PlacementRequest, string])[] = [],
): readonly string[] {
  return counterfactuals(newcomer, snapshotOf(hosts, placed), spread).map(({ message }) => message);
}

t.test("asking for less is measured against what was asked for", async (t) => {
  const hosts = [host("h1", { allocatable: room(4) }), host("h2", { allocatable: room(6) })];
  const found = counterfactuals(machine("m", 8), snapshotOf(hosts), spread);
  t.match(found, [
    {
      hostName: "h2",
      size: 0.25,
      changes: [{ type: "ReduceResources", cpus: 2, memoryBytes: 2048 * mib, diskBytes: 2_000 }],
      message: "on h2: ask for 2 CPUs and 2Gi memory and 2000 disk less",
    },
    { hostName: "h1", size: 0.5 },
  ]);
});

t.test("a machine in the way is moved to where it fits, or must stop", async (t) => {
  const placed = [
    [machine("big", 6), "h1"],
    [machine("small", 2), "h1"],
    [machine("other", 7), "h2"],
  ] as const;
  t.same(messages(machine("m", 4), [host("h1"), host("h2")], placed), [
    "on h2: ask for 3 CPUs and 3Gi memory and 3000 disk less",
    "on h1: stop default/big",
    "on h2: stop default/other",
  ]);
  const loose = [
    [machine("a", 3), "h1"],
    [machine("b", 3), "h1"],
    [machine("c", 5), "h2"],
  ] as const;
  t.same(messages(machine("m", 5), [host("h1"), host("h2")], loose), [
    "on h2: ask for 2 CPUs and 2Gi memory and 2000 disk less",
    "on h1: move default/a to h2",
    "on h2: stop default/c",
  ]);
});

t.test("rules that leave a host out can be given up", async (t) => {
  t.same(messages(machine("m", 1), [host("h1", { unschedulable: true })]), ["on h1: uncordon the host"]);
  t.same(messages(machine("m", 1), [host("h1", { ready: false })]), ["on h1: wait: the host is not ready"]);
  t.same(
    messages(machine("m", 1), [host("h1", { taints: [{ key: "a", value: "b", effect: "NoSchedule" }] })]),
    ["on h1: tolerate taint a=b:NoSchedule or remove it"],
  );
  t.same(messages(machine("m", 1, { rules: { hostSelector: { disk: "ssd" } } }), [host("h1")]), [
    "on h1: drop disk=ssd from hostSelector or label the host",
  ]);
  const hostSelectorTerms = [{ matchExpressions: [{ key: "zone", operator: "Exists" as const }] }];
  const affinity = { hostAffinity: { [must]: { hostSelectorTerms } } };
  t.same(messages(machine("m", 1, { rules: { affinity } }), [host("h1")]), [
    "on h1: drop the required hostAffinity",
  ]);
});

t.test("machines that must be apart can move, or the rule be dropped where it is one's own", async (t) => {
  const labelSelector = { matchLabels: { app: "web" } };
  const apart = { machineAntiAffinity: { [must]: [{ labelSelector, topologyKey: "ostler.dev/hostname" }] } };
  const alone = machine("alone", 1, { labels: { app: "web" }, rules: { affinity: apart } });
  const web = machine("web", 1, { labels: { app: "web" } });
  const hosts = [host("h1"), host("h2", { unschedulable: true })];
  t.same(messages(alone, hosts, [[web, "h1"]]), [
    "on h1: drop required term 0 (ostler.dev/hostname) of machineAntiAffinity",
    "on h2: uncordon the host",
    "on h1: stop default/web",
  ]);
  t.same(messages(web, hosts, [[alone, "h1"]]), ["on h2: uncordon the host", "on h1: stop default/alone"]);
});

t.test("a spread can be allowed to be more uneven", async (t) => {
  const rules = {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "zone",
        whenUnsatisfiable: "DoNotSchedule" as const,
        labelSelector: { matchLabels: { app: "web" } },
      },
    ],
  };
  const web = (name: string) => machine(name, 1, { labels: { app: "web" }, rules });
  const hosts = [
    host("h1", { labels: { zone: "a" } }),
    host("h2", { labels: { zone: "b" }, unschedulable: true }),
  ];
  t.same(messages(web("m"), hosts, [[web("w"), "h1"]]), [
    "on h1: raise maxSkew on zone from 1 to 2",
    "on h2: uncordon the host",
  ]);
});

t.test("where nothing helps nothing is told", async (t) => {
  t.same(messages(machine("m", 1, { architectures: ["aarch64"] }), [host("h1")]), []);
  t.same(messages(machine("m", 1, { volumeHosts: ["gone"] }), [host("h1")]), []);
  t.same(messages(machine("m", 1), []), []);
});

t.test("different kinds of change come before more of the same", async (t) => {
  const full = Array.from({ length: 20 }, (_, index) => host(`h${index}`, { allocatable: room(7) }));
  const cordoned = host("x", { unschedulable: true });
  const found = messages(machine("m", 8), [...full, cordoned]);
  t.equal(found.length, 3);
  t.ok(found.includes("on x: uncordon the host"));
});

/** The host with what the changes do to it. */
function changeHost(state: HostState, changes: readonly Change[]): HostState {
  const has = (type: Change["type"]) => changes.some((change) => change.type === type);
  return {
    ...state,
    unschedulable: has("Uncordon") ? false : state.unschedulable,
    ready: has("AwaitHost") ? true : state.ready,
    acceleratorKnown: has("AwaitHost") ? true : state.acceleratorKnown,
  };
}

t.test("whatever is told works, and the snapshot is as it was", async () => {
  await fc.assert(
    fc.property(schedulingCase, ({ hosts, placed, newcomer }) => {
      const snapshot = snapshotOf(hosts, placed);
      const before = JSON.stringify(explain(newcomer, snapshot, spread));
      if (schedule(newcomer, snapshot, spread).type === "placed") return;
      const works = ({ hostName, changes }: Counterfactual): boolean => {
        const moved = changes.flatMap((change) => (change.type === "MoveMachines" ? change.machines : []));
        const gone = new Set(moved.map(({ uid }) => uid));
        const after = snapshotOf(
          hosts.map((state) => (state.name === hostName ? changeHost(state, changes) : state)),
          placed.filter(([{ uid }]) => !gone.has(uid)),
        );
        const asked = applyChanges(newcomer, changes);
        const { hosts: told } = explain(asked, after, spread, { hostNames: new Set([hostName]) });
        return told.find((one) => one.hostName === hostName)?.total !== undefined;
      };
      const found = counterfactuals(newcomer, snapshot, spread);
      if (!found.every(works)) throw new Error(JSON.stringify(found));
      if (JSON.stringify(explain(newcomer, snapshot, spread)) !== before) throw new Error("changed");
    }),
    { numRuns: 300 },
  );
});
