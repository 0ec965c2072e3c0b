import { inThread } from "../simulation.ts";
import { playAllSingles, type Trouble } from "./single-plans.ts";

const troubles: readonly Trouble[] = ["crash", "stale", "unobserved"];

/** `crash: create and delete` */
await inThread(async (order) => {
  const [word, name = ""] = order.split(": ");
  const trouble = troubles.find((candidate) => candidate === word);
  if (trouble === undefined) throw new Error(`"${word}" is no trouble`);
  const { faults, moments } = await playAllSingles(name, trouble);
  return { faults, comment: `${order}: ${moments} moments` };
});
