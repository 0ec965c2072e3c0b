import { type Plan, type PlanLimits, planOf, type Step } from "./plan.ts";
import { play } from "./play.ts";
import type { Tampering } from "./replica.ts";
import { shrink } from "./shrink.ts";

/**
 * Plays one seed and tells what happens; when something is breached, finds the fewest steps and faults with
 * which it still is. Returns whether it was.
 */
export async function explainSeed(
  seed: number,
  limits: PlanLimits,
  say: (line: string) => void,
  tampering?: () => Tampering,
): Promise<boolean> {
  const plan = planOf(seed, limits);
  const result = await play(plan, { transcript: true, tampering: tampering?.() });
  for (const line of result.transcript) say(line);
  say("");
  say(`seed ${seed}: ${plan.hosts.length} hosts, ${plan.machines} machines, ${plan.replicas} controllers`);
  say(`faults: ${[...result.fired].map(([id, count]) => `${id} ${count}`).join(", ")}`);
  say(`hash ${result.hash}, ${result.events} events, ${Math.round(result.virtualMs / 1000)} virtual seconds`);
  const [first] = result.breaches;
  if (first === undefined) {
    say("nothing was breached");
    return false;
  }
  for (const { id, what } of result.breaches) say(`BREACH of ${id}: ${what}`);
  const fails = async (smaller: Plan): Promise<boolean> => {
    const { breaches } = await play(smaller, { untilBreach: true, tampering: tampering?.() });
    return breaches.some(({ id }) => id === first.id);
  };
  const small = await shrinkPlan(plan, fails);
  say("");
  const faults = [...small.rates.keys()].join(", ") || "none";
  say(`what it takes for ${first.id}: faults ${faults}; ${small.machines} machines`);
  for (const { number, act, thenMs } of small.steps) say(`  step ${number}: ${act}, then ${thenMs} ms`);
  return true;
}

async function shrinkPlan(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  const withSteps = (steps: readonly Step[]): Plan => ({ ...plan, steps });
  const steps = await shrink(plan.steps, (some) => fails(withSteps(some)));
  const withRates = (rates: Plan["rates"]): Plan => ({ ...withSteps(steps), rates });
  const rates = await shrink([...plan.rates], (some) => fails(withRates(new Map(some))), 40);
  const small = withRates(new Map(rates));
  const alone = { ...small, machines: 0 };
  return (await fails(alone)) ? alone : small;
}
