/**
 * How values become points. `highestBest`: none is below 0, the highest gets 100 and the rest their share of
 * it. `lowestBest`: the same turned round, all 100 where none is above 0. `stretch`: the lowest gets 0, the
 * highest 100, all 0 where they are the same. `evenest`: the lowest gets 100, and the rest less by their
 * lead over it as a share of the highest; `left out` gets nothing.
 */
export type Normalization = "highestBest" | "lowestBest" | "stretch" | "evenest";

/** The value of a host that `evenest` gives nothing. */
export const leftOut = Number.NEGATIVE_INFINITY;

/** The hosts whose values are asked for: the first `count` of `rows`. */
export interface Rows {
  readonly rows: Int32Array;
  readonly count: number;
}

/** Adds each host's points, times the weight, to the total in the host's place. */
export function addPoints(
  totals: Float64Array,
  values: Float64Array,
  { rows, count }: Rows,
  weight: number,
  normalization: Normalization | undefined,
): void {
  switch (normalization) {
    case undefined:
      for (let index = 0; index < count; index += 1) {
        totals[index] = (totals[index] ?? 0) + weight * (values[rows[index] ?? 0] ?? 0);
      }
      return;
    case "highestBest":
      addHighestBest(totals, values, { rows, count }, weight);
      return;
    case "lowestBest":
      addLowestBest(totals, values, { rows, count }, weight);
      return;
    case "stretch":
      addStretched(totals, values, { rows, count }, weight);
      return;
    case "evenest":
      addEvenest(totals, values, { rows, count }, weight);
      return;
  }
}

/** A total without what is lost in adding up: sums that are equal on paper are equal. */
export function settled(total: number): number {
  return Math.round(total * 2 ** 20) / 2 ** 20;
}

function addHighestBest(
  totals: Float64Array,
  values: Float64Array,
  { rows, count }: Rows,
  weight: number,
): void {
  const highest = greatest(values, rows, count);
  if (highest <= 0) return;
  for (let index = 0; index < count; index += 1) {
    const value = values[rows[index] ?? 0] ?? 0;
    totals[index] = (totals[index] ?? 0) + weight * ((100 * value) / highest);
  }
}

function addLowestBest(
  totals: Float64Array,
  values: Float64Array,
  { rows, count }: Rows,
  weight: number,
): void {
  const highest = Math.max(0, greatest(values, rows, count));
  for (let index = 0; index < count; index += 1) {
    const value = values[rows[index] ?? 0] ?? 0;
    const lost = highest === 0 ? 0 : (100 * value) / highest;
    totals[index] = (totals[index] ?? 0) + weight * (100 - lost);
  }
}

function addStretched(
  totals: Float64Array,
  values: Float64Array,
  { rows, count }: Rows,
  weight: number,
): void {
  const { lowest, highest } = extremes(values, rows, count);
  const range = highest - lowest;
  if (range <= 0) return;
  for (let index = 0; index < count; index += 1) {
    const value = values[rows[index] ?? 0] ?? 0;
    totals[index] = (totals[index] ?? 0) + weight * ((100 * (value - lowest)) / range);
  }
}

function addEvenest(totals: Float64Array, values: Float64Array, { rows, count }: Rows, weight: number): void {
  const { lowest, highest } = extremes(values, rows, count);
  for (let index = 0; index < count; index += 1) {
    const value = values[rows[index] ?? 0] ?? 0;
    if (value === leftOut) continue;
    const points = highest <= 0 ? 100 : 100 * (1 - (value - lowest) / highest);
    totals[index] = (totals[index] ?? 0) + weight * points;
  }
}

/** The highest of the values. */
function greatest(values: Float64Array, rows: Int32Array, count: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index += 1) {
    const value = values[rows[index] ?? 0] ?? 0;
    if (value > highest) highest = value;
  }
  return highest;
}

/** The lowest and the highest of the values that are not left out. */
function extremes(
  values: Float64Array,
  rows: Int32Array,
  count: number,
): { readonly lowest: number; readonly highest: number } {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index += 1) {
    const value = values[rows[index] ?? 0] ?? 0;
    if (value > highest) highest = value;
    if (value < lowest && value !== leftOut) lowest = value;
  }
  return { lowest, highest };
}
