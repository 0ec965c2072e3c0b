/**
 * The fewest of these with which something still fails, found by leaving out ever smaller parts (Zeller's
 * delta debugging). `budget` limits how often `fails` is asked.
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (some: readonly T[]) => Promise<boolean>,
  budget = 200,
): Promise<readonly T[]> {
  let kept = items;
  let parts = 2;
  let asked = 0;
  while (kept.length > 0 && asked < budget) {
    const size = Math.max(1, Math.ceil(kept.length / parts));
    let smaller: readonly T[] | undefined;
    for (let start = 0; start < kept.length && asked < budget; start += size) {
      const rest = [...kept.slice(0, start), ...kept.slice(start + size)];
      asked += 1;
      if (await fails(rest)) {
        smaller = rest;
        break;
      }
    }
    if (smaller !== undefined) {
      kept = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) return kept;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}
