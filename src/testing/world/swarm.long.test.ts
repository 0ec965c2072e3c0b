import t from "tap";
import { playSwarm } from "./swarm.ts";

const seeds = 150;
const timeout = 1_800_000;

t.setTimeout(timeout);
t.test(`${seeds} more kinds of trouble end well`, { timeout }, async (t) => {
  for (const { seed, breaches } of await playSwarm({ from: 5_000, seeds })) {
    t.strictSame(breaches, [], `SIM_SEED=${seed} npm run sim tells what happens`);
  }
});
