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

t.test(
  "the same seed is the same play, event for event, whatever was played before",
  { timeout },
  async (t) => {
    const once = await playSwarm({ from: 3, seeds: 3, limits: { machines: 5 } });
    const again = await playSwarm({ from: 4, seeds: 1, limits: { machines: 5 } });
    const hashes = once.map(({ hash }) => hash);
    t.equal(new Set(hashes).size, 3);
    t.equal(again[0]?.hash, hashes[1]);
    t.strictSame(again[0]?.events, once[1]?.events);
  },
);
