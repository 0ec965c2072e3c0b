/** Whether this is the inner loop, `npm run check`: simulations then play fewer seeds than in `npm test`. */
export const quick = process.env.OSTLER_QUICK === "1";

export interface Seeds {
  readonly from: number;
  readonly count: number;
}

/** Which seeds to play. `OSTLER_SEEDS` says how many, whatever is usual; `OSTLER_SEED` from which on. */
export function seedsToPlay(usual: { readonly quick: number; readonly full: number }): Seeds {
  const { OSTLER_SEEDS, OSTLER_SEED } = process.env;
  const count = OSTLER_SEEDS ?? (quick ? usual.quick : usual.full);
  return { from: Number(OSTLER_SEED ?? 1), count: Number(count) };
}
