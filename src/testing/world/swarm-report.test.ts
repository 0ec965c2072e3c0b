import t from "tap";
import type { Played } from "./sim-thread.ts";
import { differing, reportOf } from "./swarm-report.ts";

const played: Played = {
  seed: 1,
  breaches: [],
  hash: "a",
  virtualMs: 8_766 * 3_600_000,
  events: 10,
  fired: new Map([["F1", 3]]),
  unfired: ["F2"],
  delaysMs: [],
  cpuMs: 500,
};

t.test("seeds that are another play each time are told", async (t) => {
  const results = [played, { ...played, seed: 2 }, { ...played, seed: 3 }];
  const again = [played, { ...played, seed: 2, hash: "b" }, { ...played, seed: 3, events: 11 }];
  t.strictSame(differing(results, again), [2, 3]);
});

t.test("a report says what was played, what happened and what did not", async (t) => {
  const bad = { ...played, seed: 7, breaches: [{ id: "S1", what: "two", atMs: 1 }] };
  const report = reportOf({
    results: [played, bad],
    again: [played],
    wallMs: 1_000,
    slowness: 1.5,
    faultIds: ["F1", "F2"],
  });
  t.strictSame(report, [
    "seeds           2, of which 1 with a breach",
    "breaches        1",
    "virtual time    17532 h, 2.000 years",
    "events          20",
    "real time       1.0 s, 2.00 seeds/s",
    "CPU time        1.0 s, 2.00 seeds/s",
    "this machine    takes 1.50 times the CPU time of the one that the goals were set on: there 3.00 seeds/s",
    "played twice    1 seeds, 1 the same",
    "F1              6 times in 2 seeds; void for 0",
    "F2              0 times in 0 seeds; void for 2",
    "void            2 faults in all",
    "SIM_SEED=7  S1",
  ]);
});
