import * as fc from "fast-check";
import t from "tap";
import { schedulingCase } from "../testing/scheduler-arbitrary.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { obstacleChecks } from "./counterfactual-checks.ts";
import { spread } from "./policies.ts";
import { firstRefusal, prepare } from "./schedule.ts";

t.test("a host has an obstacle exactly when some filter refuses it", async () => {
  await fc.assert(
    fc.property(schedulingCase, ({ hosts, placed, newcomer }) => {
      const snapshot = snapshotOf(hosts, placed);
      const order = [...snapshot.hosts.order()];
      const prepared = prepare(newcomer, snapshot, spread);
      const refused = order.map((row) => firstRefusal(prepared, row) !== undefined);
      const checks = obstacleChecks(newcomer, snapshot);
      const obstructed = order.map((row) => checks.some((check) => check(row) !== undefined));
      return JSON.stringify(refused) === JSON.stringify(obstructed);
    }),
    { numRuns: 300 },
  );
});
