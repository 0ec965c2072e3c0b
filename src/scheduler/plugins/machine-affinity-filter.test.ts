import t from "tap";
import type { Affinity, MachineTerm } from "../../schema/placement.ts";
import { hostState, request } from "../../testing/host-state.ts";
import { refusals, snapshotOf } from "../../testing/scheduler-fixture.ts";
import { machineAffinityFilter } from "./machine-affinity-filter.ts";

const hosts = [
  hostState({ labels: { zone: "a" } }),
  hostState({ name: "h2", labels: { zone: "a" } }),
  hostState({ name: "h3", labels: { zone: "b" } }),
  hostState({ name: "h4" }),
];
const must = "requiredDuringSchedulingIgnoredDuringExecution";
const web: MachineTerm = { labelSelector: { matchLabels: { app: "web" } }, topologyKey: "zone" };
const onHost: MachineTerm = { ...web, topologyKey: "ostler.dev/hostname" };

function machine(name: string, app: string, affinity: Affinity = {}, namespace = "default") {
  return request(1, { name, labels: { app }, namespace, rules: { affinity } });
}

const near = (...terms: MachineTerm[]): Affinity => ({ machineAffinity: { [must]: terms } });
const apart = (...terms: MachineTerm[]): Affinity => ({ machineAntiAffinity: { [must]: terms } });
const beside = "beside machines it must be apart from";
const away = "away from the machines it must be near";

t.test("a machine is placed only where the machines are that it must be near", async (t) => {
  const snapshot = snapshotOf(hosts, [[machine("w", "web"), "h1"]]);
  t.strictSame(refusals(machineAffinityFilter, machine("c", "cache", near(web)), snapshot), {
    h3: away,
    h4: "without label zone",
  });
  snapshot.forget("uid-of-w");
  t.strictSame(
    Object.keys(refusals(machineAffinityFilter, machine("c", "cache", near(web)), snapshot)).length,
    4,
  );
});

t.test("the first of a group that wants to be together may be anywhere", async (t) => {
  const first = machine("w", "web", near(web));
  t.strictSame(refusals(machineAffinityFilter, first, snapshotOf(hosts)), { h4: "without label zone" });
  const placed = snapshotOf(hosts, [[machine("w2", "web"), "h3"]]);
  t.strictSame(Object.keys(refusals(machineAffinityFilter, first, placed)), ["h1", "h2", "h4"]);
});

t.test("a machine keeps away from the places of machines it must be apart from", async (t) => {
  const snapshot = snapshotOf(hosts, [[machine("w", "web"), "h1"]]);
  t.strictSame(refusals(machineAffinityFilter, machine("v", "web", apart(web)), snapshot), {
    h1: beside,
    h2: beside,
  });
  t.strictSame(refusals(machineAffinityFilter, machine("v", "web", apart(onHost)), snapshot), { h1: beside });
});

t.test("what placed machines ask for binds those that come later, until they leave", async (t) => {
  const snapshot = snapshotOf(hosts, [[machine("alone", "db", apart(web)), "h1"]]);
  const reason = "beside machines that must be apart from it";
  t.strictSame(refusals(machineAffinityFilter, machine("w", "web"), snapshot), { h1: reason, h2: reason });
  t.strictSame(refusals(machineAffinityFilter, machine("c", "cache"), snapshot), {});
  snapshot.assume(machine("alone", "db", apart(web)), "h3");
  t.strictSame(refusals(machineAffinityFilter, machine("w", "web"), snapshot), { h3: reason });
  snapshot.forget("uid-of-alone");
  t.strictSame(refusals(machineAffinityFilter, machine("w", "web"), snapshot), {});
});

t.test("a selector means machines of its own namespace, or of those it names", async (t) => {
  const snapshot = snapshotOf(hosts, [[machine("w", "web", {}, "blue"), "h3"]]);
  t.strictSame(refusals(machineAffinityFilter, machine("v", "web", apart(web)), snapshot), {});
  const blue = { ...web, namespaces: ["blue", "green"] };
  t.strictSame(refusals(machineAffinityFilter, machine("v", "web", apart(blue)), snapshot), { h3: beside });
});

t.test("a place is what the label says now", async (t) => {
  const snapshot = snapshotOf(hosts, [[machine("w", "web"), "h1"]]);
  const alone = machine("v", "web", apart(web));
  t.strictSame(Object.keys(refusals(machineAffinityFilter, alone, snapshot)), ["h1", "h2"]);
  snapshot.setHost(hostState({ labels: { zone: "b" } }));
  t.strictSame(Object.keys(refusals(machineAffinityFilter, alone, snapshot)), ["h1", "h3"]);
  snapshot.removeHost("h1");
  t.strictSame(Object.keys(refusals(machineAffinityFilter, alone, snapshot)), []);
});
