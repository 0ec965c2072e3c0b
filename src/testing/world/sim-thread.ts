import { isMainThread, parentPort } from "node:worker_threads";
import { messageOf } from "../../runtime/errors.ts";
import { mutants } from "./mutants.ts";
import { type PlanLimits, planOf } from "./plan.ts";
import { play, type Result } from "./play.ts";

/** What a thread is asked to play. */
export interface Order {
  readonly seed: number;
  readonly limits: PlanLimits;
  /** The planted bug to play it with. */
  readonly mutant?: string | undefined;
}

/** A result that can be sent. */
export interface Played extends Omit<Result, "transcript"> {
  /** CPU time of the thread that played it: who else keeps the machine busy does not count. */
  readonly cpuMs: number;
}

/** Plays what it is asked to, one play after another, for as long as it is let live. */
if (!isMainThread) {
  const unheard: string[] = [];
  process.on("unhandledRejection", (error) => unheard.push(messageOf(error)));
  parentPort?.on("message", (order: Order) => {
    void fill(order, unheard).then((played) => parentPort?.postMessage(played));
  });
}

async function fill({ seed, limits, mutant }: Order, unheard: string[]): Promise<Played> {
  const before = process.threadCpuUsage();
  const planted = mutant === undefined ? undefined : mutants[mutant];
  const options = planted === undefined ? {} : { tampering: planted.tampering(), untilBreach: true };
  const { transcript: _, ...result } = await play(planOf(seed, { ...planted?.limits, ...limits }), options);
  const breaches = [...result.breaches];
  for (const what of unheard.splice(0)) {
    breaches.push({
      id: "L5",
      what: `a promise was rejected and nobody cared: ${what}`,
      atMs: result.virtualMs,
    });
  }
  const { user, system } = process.threadCpuUsage(before);
  return { ...result, breaches, cpuMs: (user + system) / 1000 };
}
