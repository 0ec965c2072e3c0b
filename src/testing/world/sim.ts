import { parseArgs } from "node:util";
import { Yardstick } from "../yardstick.ts";
import { explainSeed } from "./explain-seed.ts";
import { type FaultId, faultIds } from "./fault-ledger.ts";
import { hunt, medianOf } from "./hunt-mutants.ts";
import { mutants } from "./mutants.ts";
import { playPairs } from "./pair-plans.ts";
import type { Played } from "./sim-thread.ts";
import { playAllSingles } from "./single-plans.ts";
import { playSwarm } from "./swarm.ts";
import { differing, reportOf } from "./swarm-report.ts";
import { updateGolden } from "./update-golden.ts";
import { workloads } from "./workloads.ts";

const usage = `npm run sim -- --seeds N --from S   plays N seeds from S on [--workers W] [--hosts H]
                                    [--machines M] [--faults F6,F19: in every play]
SIM_SEED=n npm run sim              plays one seed, tells what happens, and what it takes to fail
SIM_SEED=n npm run sim -- --mutant "NAME"   the same with a planted bug
npm run sim -- --mutants            hunts every planted bug [--trials T] [--max SEEDS]
npm run sim -- --plans              one thing goes wrong, at every moment of every workload
npm run sim -- --pairs N            two things go wrong, in N sampled ways [--from S]
npm run sim -- --update-golden      writes the logs of the scenarios anew`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    from: { type: "string", default: "1" },
    workers: { type: "string", default: "1" },
    hosts: { type: "string" },
    machines: { type: "string" },
    faults: { type: "string" },
    every: { type: "string", default: "100" },
    mutant: { type: "string" },
    mutants: { type: "boolean", default: false },
    trials: { type: "string", default: "5" },
    max: { type: "string", default: "2000" },
    pairs: { type: "string" },
    plans: { type: "boolean", default: false },
    "update-golden": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const say = (line: string): void => console.log(line);

/** Plays what it is told on the command line. Returns whether all is well. */
async function main(): Promise<boolean> {
  const { SIM_SEED } = process.env;
  if (values.help) say(usage);
  else if (values["update-golden"]) await updateGolden(say);
  else if (values.mutants) return huntAll();
  else if (values.plans) return playPlans();
  else if (values.pairs !== undefined) return playSomePairs(Number(values.pairs));
  else if (SIM_SEED !== undefined) {
    const planted = values.mutant === undefined ? undefined : mutants[values.mutant];
    const limits = { ...planted?.limits, ...givenLimits() };
    return !(await explainSeed(Number(SIM_SEED), limits, say, planted?.tampering));
  } else return playSeeds();
  return true;
}

function givenLimits() {
  return {
    ...(values.hosts === undefined ? {} : { hosts: Number(values.hosts) }),
    ...(values.machines === undefined ? {} : { machines: Number(values.machines) }),
    ...(values.faults === undefined ? {} : { faults: values.faults.split(",").map(faultOf) }),
  };
}

function faultOf(text: string): FaultId {
  const id = faultIds.find((known) => known === text);
  if (id === undefined) throw new Error(`there is no fault ${text}; there are ${faultIds.join(", ")}`);
  return id;
}

async function playSeeds(): Promise<boolean> {
  await using yardstick = await Yardstick.start();
  const began = performance.now();
  const every = Number(values.every);
  let count = 0;
  const results = await playSwarm({
    from: Number(values.from),
    seeds: Number(values.seeds),
    workers: Number(values.workers),
    limits: givenLimits(),
    onPlayed: ({ seed, breaches }) => {
      count += 1;
      for (const { id, what } of breaches) say(`SIM_SEED=${seed}: ${id} ${what}`);
      const seconds = (performance.now() - began) / 1000;
      if (count % every === 0) say(`${count} seeds, ${(count / seconds).toFixed(2)}/s`);
      return false;
    },
  });
  const wallMs = performance.now() - began;
  const slowness = await yardstick.read();
  const again = await playAgain(results);
  for (const seed of differing(results, again)) say(`SIM_SEED=${seed}: is another play each time`);
  for (const line of reportOf({ results, again, wallMs, slowness, faultIds })) say(line);
  return results.every(({ breaches }) => breaches.length === 0) && differing(results, again).length === 0;
}

/** One of a hundred, in a thread that has played other things before, or nothing. */
function playAgain(results: readonly Played[]): Promise<readonly Played[]> {
  const before = results.filter((_, index) => index % 100 === 0).map(({ seed }) => seed);
  return playSwarm({ from: 0, seeds: 0, before, workers: Number(values.workers), limits: givenLimits() });
}

/** A table for docs/reference/simulation.md. */
async function huntAll(): Promise<boolean> {
  let all = true;
  for (const [name, { what }] of Object.entries(mutants)) {
    if (values.mutant !== undefined && values.mutant !== name) continue;
    const found = await hunt({
      name,
      trials: Number(values.trials),
      maxSeeds: Number(values.max),
      workers: Number(values.workers),
    });
    const median = medianOf(found);
    all &&= median !== undefined;
    say(`| ${name} | ${what} | ${found.found.join(", ")} | ${median ?? "got away"} |`);
  }
  return all;
}

async function playSomePairs(count: number): Promise<boolean> {
  const { played, faults } = await playPairs(Number(values.from), count);
  for (const fault of faults) say(fault);
  say(`${count} pairs, of which both went wrong in ${played}; ${faults.length} breaches`);
  return faults.length === 0;
}

async function playPlans(): Promise<boolean> {
  let all = true;
  for (const trouble of ["crash", "stale", "unobserved"] as const) {
    let total = 0;
    for (const name of Object.keys(workloads)) {
      const { moments, faults } = await playAllSingles(name, trouble);
      total += moments;
      all &&= faults.length === 0;
      for (const fault of faults) say(fault);
    }
    say(`${trouble}: ${total} moments in ${Object.keys(workloads).length} workloads`);
  }
  return all;
}

process.exitCode = (await main()) ? 0 : 1;
