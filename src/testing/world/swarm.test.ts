import t from "tap";
import { seedsToPlay } from "../seeds.ts";
import { playSwarm } from "./swarm.ts";

const { from, count: seeds } = seedsToPlay({ quick: 24, full: 24 });
/** Generous: machines that run tests are slow at times. */
const timeout = 120_000 + seeds * 2_000;

t.setTimeout(2 * timeout);
t.test(`${seeds} kinds of trouble end well, and nothing is breached on the way`, { timeout }, async (t) => {
  const results = await playSwarm({ from, seeds });
  t.equal(results.length, seeds);
  for (const { seed, breaches } of results) {
    t.strictSame(breaches, [], `SIM_SEED=${seed} npm run sim tells what happens`);
  }
  t.ok(results.reduce((sum, { fired }) => sum + fired.size, 0) > seeds, "faults have happened");
});
