import { inThread } from "../simulation.ts";
import { playPairs } from "./pair-plans.ts";

/** `300 from 1` */
await inThread(async (order) => {
  const [count, from] = order.split(" from ").map(Number);
  const { played, faults } = await playPairs(from ?? 1, count ?? 0);
  return { faults, comment: `${order}: both went wrong in ${played}` };
});
