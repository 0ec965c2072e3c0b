import t from "tap";
import { silentLogger } from "../../runtime/logger.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { OutageBrake } from "./outage-brake.ts";

const unknown = { wasUp: false, wasHeld: false };

/** So many hosts that are up, called h1, h2, ... */
function brakeOver(count: number) {
  const clock = new ManualClock();
  const changes: (readonly string[])[] = [];
  const brake = new OutageBrake({
    clock,
    logger: silentLogger,
    onChange: (names) => changes.push(names),
  });
  const names = Array.from({ length: count }, (_, index) => `h${index + 1}`);
  for (const name of names) brake.noteUp(name);
  const lose = (...lost: readonly string[]) => {
    for (const name of lost) brake.noteDown(name, unknown);
  };
  return { brake, clock, changes, lose, names };
}

t.test("it holds when more than 30 % of the hosts, and at least two, are lost within a minute", async (t) => {
  const cases: readonly (readonly [hosts: number, lost: number, holds: boolean])[] = [
    [1, 1, false],
    [2, 1, false],
    [2, 2, true],
    [3, 1, false],
    [3, 2, true],
    [6, 2, true],
    [7, 2, false],
    [10, 3, false],
    [10, 4, true],
    [1000, 300, false],
    [1000, 301, true],
  ];
  for (const [hosts, lost, holds] of cases) {
    const { brake, lose, names } = brakeOver(hosts);
    lose(...names.slice(0, lost));
    t.equal(brake.holds, holds, `${lost} of ${hosts}`);
    brake.stop();
  }
});

t.test("hosts that die one after another are no outage", async (t) => {
  const { brake, clock, lose } = brakeOver(4);
  lose("h1");
  await clock.advance(60_001);
  lose("h2");
  t.notOk(brake.holds);
  await clock.advance(60_000);
  lose("h3");
  t.ok(brake.holds, "two of the last three within a minute");
  brake.stop();
});

t.test("it says why for each host that is away, and for no other", async (t) => {
  const { brake, changes, lose } = brakeOver(3);
  lose("h1", "h2");
  t.match(brake.reasonFor("h1"), /^2 of 3 hosts are away/);
  t.match(brake.reasonFor("h2"), /unless a person insists/);
  t.equal(brake.reasonFor("h3"), undefined);
  t.same(changes, [["h1", "h2"]]);
  brake.stop();
});

t.test("it lets go when most hosts have been back for a minute", async (t) => {
  const { brake, clock, changes, lose } = brakeOver(3);
  lose("h1", "h2");
  brake.noteUp("h1");
  await clock.advance(59_000);
  t.ok(brake.holds);
  lose("h1");
  await clock.advance(600_000);
  t.ok(brake.holds, "a host that comes and goes is not back");
  brake.noteUp("h1");
  await clock.advance(60_000);
  t.notOk(brake.holds);
  t.same(changes.at(-1), ["h1", "h2"], "those are told for which it held");
  t.equal(brake.reasonFor("h2"), undefined, "one that stays away is one host");
});

t.test("a host whose Host is removed counts no more", async (t) => {
  const { brake, clock, lose } = brakeOver(3);
  lose("h1", "h2");
  brake.forget("h1");
  await clock.advance(60_000);
  t.notOk(brake.holds);
});

t.test("after a start it goes on where it was", async (t) => {
  const held = brakeOver(2);
  held.brake.noteDown("h3", { wasUp: false, wasHeld: true });
  t.ok(held.brake.holds, "as long as one was among many that vanished");
  held.brake.stop();
  const while_ = brakeOver(1);
  for (const name of ["h2", "h3"]) while_.brake.noteDown(name, { wasUp: true, wasHeld: false });
  t.ok(while_.brake.holds, "those that vanished while nobody looked");
  while_.brake.stop();
  const long = brakeOver(1);
  for (const name of ["h2", "h3"]) {
    long.brake.noteDown(name, { ...unknown, awayMs: 3_600_000 });
  }
  t.notOk(long.brake.holds, "those that have long been away");
  const before = brakeOver(1);
  before.brake.noteDown("h2", { ...unknown, awayMs: 20_000 });
  before.brake.noteDown("h3", { wasUp: true, wasHeld: false });
  t.ok(before.brake.holds, "one right before the start and one right after it");
  before.brake.stop();
});
