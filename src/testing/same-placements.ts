import * as fc from "fast-check";
import { compilePolicy } from "../scheduler/policies.ts";
import { schedule } from "../scheduler/schedule.ts";
import { referenceSchedule } from "./reference-scheduler.ts";
import { policyArbitrary, schedulingCase } from "./scheduler-arbitrary.ts";
import { snapshotOf } from "./scheduler-fixture.ts";

/**
 * Places machines one after the other, in turn through all that the case has, by the scheduler over its one
 * snapshot and by the reference, and throws at the first placement that differs.
 */
export async function checkSamePlacements(numRuns: number): Promise<void> {
  await fc.assert(
    fc.property(schedulingCase, policyArbitrary, ({ hosts, placed, newcomer }, policy) => {
      const profile = compilePolicy(policy);
      const snapshot = snapshotOf(hosts, placed);
      let there = [...placed];
      let lastUsed: string | undefined;
      const arrivals = [newcomer, ...placed.map(([machine]) => machine), newcomer];
      for (const machine of arrivals) {
        snapshot.forget(machine.uid);
        there = there.filter(([{ uid }]) => uid !== machine.uid);
        const cluster = { hosts, placed: there, ...(lastUsed === undefined ? {} : { lastUsed }) };
        const wanted = referenceSchedule(machine, cluster, policy);
        const placement = schedule(machine, snapshot, profile);
        const found = placement.type === "placed" ? placement.hostName : undefined;
        if (found !== wanted) throw new Error(`${machine.name}: ${found}, but the reference ${wanted}`);
        if (found === undefined) continue;
        snapshot.assume(machine, found);
        snapshot.noteUsed(found);
        there = [...there, [machine, found]];
        lastUsed = found;
      }
    }),
    { numRuns },
  );
}
