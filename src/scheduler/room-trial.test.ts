import * as fc from "fast-check";
import t from "tap";
import { hostState, request } from "../testing/host-state.ts";
import { snapshotOf } from "../testing/scheduler-fixture.ts";
import { spread } from "./policies.ts";
import { makeRoom, trialByAmounts, trialByRules } from "./room-trial.ts";

const machineArbitrary = fc.record({
  cpus: fc.integer({ min: 1, max: 4 }),
  diskBytes: fc.constantFrom(0, 0, 500),
});
const stepArbitrary = fc.record({ which: fc.nat(5), leaves: fc.boolean() });

t.test("for a machine without rules, adding up says what asking every rule says", async () => {
  await fc.assert(
    fc.property(
      fc.array(machineArbitrary, { minLength: 1, maxLength: 6 }),
      fc.array(stepArbitrary),
      fc.integer({ min: 1, max: 9 }),
      (sizes, steps, cpus) => {
        const machines = sizes.map(({ cpus: own, diskBytes }, index) =>
          request(own, { name: `m${index}`, resources: { cpus: own, memoryBytes: own * 100, diskBytes } }),
        );
        const snapshot = snapshotOf(
          [hostState()],
          machines.map((machine) => [machine, "h1"]),
        );
        const newcomer = request(cpus, { name: "newcomer" });
        const byRules = trialByRules(newcomer, 0, snapshot, spread);
        const byAmounts = trialByAmounts(newcomer, 0, snapshot);
        const gone = new Set<number>();
        return steps.every(({ which, leaves }) => {
          const machine = machines[which];
          if (machine === undefined || gone.has(which) === leaves) return true;
          if (leaves) gone.add(which);
          else gone.delete(which);
          for (const trial of [byRules, byAmounts]) {
            const placed = { request: machine, hostName: "h1" };
            if (leaves) trial.leave(placed);
            else trial.stay(placed);
          }
          return byRules.fits() === byAmounts.fits();
        });
      },
    ),
  );
});

t.test("a machine with disks makes room where it is, one without leaves", async (t) => {
  const bare = request(2, { name: "bare", resources: { cpus: 2, memoryBytes: 200, diskBytes: 0 } });
  const kept = request(2, { name: "kept" });
  const snapshot = snapshotOf(
    [hostState()],
    [
      [bare, "h1"],
      [kept, "h1"],
    ],
  );
  for (const machine of [bare, kept]) makeRoom({ request: machine, hostName: "h1" }, snapshot);
  t.equal(snapshot.placed(bare.uid), undefined);
  t.match(snapshot.placed(kept.uid), {
    request: { resources: { cpus: 0, memoryBytes: 0, diskBytes: 2_000 } },
  });
});
