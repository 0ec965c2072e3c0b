import t from "tap";
import { silentLogger } from "../../runtime/logger.ts";
import { createMetrics } from "../../runtime/metrics.ts";
import type { Host } from "../../schema/host.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { hostObject } from "../../testing/session-fixture.ts";
import { Circumstances } from "./circumstances.ts";

function host(name: string, unreachable: "True" | "False", ...more: readonly string[]): Host {
  const told = (type: string, status: "True" | "False") => {
    return { type, status, reason: "Told", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" };
  };
  const conditions = [told("Unreachable", unreachable), ...more.map((type) => told(type, "True"))];
  return { ...hostObject(name), status: { conditions } };
}

function fixture(...hosts: readonly Host[]) {
  const clock = new ManualClock();
  const metrics = createMetrics();
  const told: string[] = [];
  const circumstances = new Circumstances({
    clock,
    logger: silentLogger,
    metrics,
    hosts: () => hosts,
    hostNamed: (name) => hosts.find(({ metadata }) => metadata.name === name),
    onSurveyed: () => told.push("surveyed"),
    onBrake: (names) => told.push(`brake for ${names.join(", ")}`),
  });
  return { circumstances, metrics, told, clock };
}

t.test("nothing is moved after a start before each host that answered was asked", async (t) => {
  const { circumstances, told } = fixture(host("h1", "False"), host("h2", "False"), host("h3", "True"));
  circumstances.begin();
  circumstances.noteLink("h1", "connecting");
  circumstances.noteLink("h1", "connected");
  t.match(circumstances, { mayMove: false, mayPlace: false, mayPreempt: false });
  circumstances.noteLink("h2", "unreachable");
  t.match(circumstances, { mayMove: true, mayPlace: true, mayPreempt: true, isMassOutage: false });
  t.same(told, ["surveyed"], "the one that was away before is not waited for");
});

t.test("a Host that is removed is waited for no more", async (t) => {
  const { circumstances } = fixture(host("h1", "False"));
  circumstances.begin();
  circumstances.forget("h1");
  t.ok(circumstances.mayMove);
});

t.test("while many hosts are away nobody is stopped to make room, and the metric says so", async (t) => {
  const { circumstances, metrics, told } = fixture();
  circumstances.begin();
  for (const name of ["h1", "h2", "h3"]) circumstances.noteLink(name, "connected");
  t.match(await metrics.render(), "ostler_mass_outage 0");
  for (const name of ["h1", "h2"]) circumstances.noteLink(name, "unreachable");
  t.match(circumstances, { isMassOutage: true, mayPreempt: false, mayPlace: true });
  t.match(circumstances.reasonFor("h1"), /hosts are away/);
  t.match(await metrics.render(), "ostler_mass_outage 1");
  t.same(told, ["surveyed", "brake for h1, h2"]);
  circumstances.stop();
});

t.test("what was written down of the hosts is gone on from", async (t) => {
  const { circumstances } = fixture(host("h1", "True", "MassOutage"), host("h2", "False"));
  circumstances.begin();
  circumstances.noteLink("h1", "unreachable");
  t.ok(circumstances.isMassOutage);
  circumstances.stop();
});
