import { parseArgs } from "node:util";
import { explainSeed } from "./explain-seed.ts";
import { faultIds } from "./fault-ledger.ts";
import { playSwarm } from "./swarm.ts";
import { reportOf } from "./swarm-report.ts";

const usage = `usage: npm run sim -- [--seeds N] [--from S] [--workers W] [--hosts H] [--machines M]
       SIM_SEED=n npm run sim    plays one seed, tells what happens, and what it takes to fail`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    from: { type: "string", default: "1" },
    workers: { type: "string", default: "1" },
    hosts: { type: "string" },
    machines: { type: "string" },
    every: { type: "string", default: "100" },
    help: { type: "boolean", default: false },
  },
});

/** Plays what it is told on the command line; fails when anything was breached. */
async function main(): Promise<void> {
  if (values.help) {
    console.log(usage);
    return;
  }
  const limits = {
    ...(values.hosts === undefined ? {} : { hosts: Number(values.hosts) }),
    ...(values.machines === undefined ? {} : { machines: Number(values.machines) }),
  };
  const { SIM_SEED } = process.env;
  if (SIM_SEED !== undefined) {
    const failed = await explainSeed(Number(SIM_SEED), limits, (line) => console.log(line));
    process.exitCode = failed ? 1 : 0;
    return;
  }
  const [seeds, from, workers, every] = [values.seeds, values.from, values.workers, values.every].map(Number);
  if (seeds === undefined || from === undefined || workers === undefined || every === undefined) return;
  const began = performance.now();
  let count = 0;
  const results = await playSwarm({
    from,
    seeds,
    workers,
    limits,
    onPlayed: ({ seed, breaches }) => {
      count += 1;
      for (const { id, what } of breaches) console.log(`SIM_SEED=${seed}: ${id} ${what}`);
      const seconds = (performance.now() - began) / 1000;
      if (count % every === 0) console.log(`${count} seeds, ${(count / seconds).toFixed(2)}/s`);
      return false;
    },
  });
  for (const line of reportOf(results, performance.now() - began, faultIds)) console.log(line);
  process.exitCode = results.some(({ breaches }) => breaches.length > 0) ? 1 : 0;
}

await main();
