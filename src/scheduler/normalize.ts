/** Makes the highest of the first `count` numbers, none below 0, 100 and the rest what they are beside it. */
export function highestBest(points: Float64Array, count: number): void {
  const highest = greatest(points, count);
  if (highest <= 0) return;
  for (let index = 0; index < count; index += 1) points[index] = (100 * (points[index] ?? 0)) / highest;
}

/** The same turned round: 0 becomes 100, the highest 0; all 100 where none is above 0. */
export function lowestBest(points: Float64Array, count: number): void {
  const highest = greatest(points, count);
  for (let index = 0; index < count; index += 1) {
    points[index] = highest <= 0 ? 100 : 100 - (100 * (points[index] ?? 0)) / highest;
  }
}

/** Makes the lowest number 0 and the highest 100; all 0 where all are the same. */
export function stretch(points: Float64Array, count: number): void {
  const highest = greatest(points, count);
  const lowest = least(points, count);
  const range = highest - lowest;
  for (let index = 0; index < count; index += 1) {
    points[index] = range <= 0 ? 0 : (100 * ((points[index] ?? 0) - lowest)) / range;
  }
}

/** The highest of the first `count` numbers. */
export function greatest(points: Float64Array, count: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index += 1) {
    const value = points[index] ?? 0;
    if (value > highest) highest = value;
  }
  return highest;
}

/** The lowest of the first `count` numbers. */
function least(points: Float64Array, count: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < count; index += 1) {
    const value = points[index] ?? 0;
    if (value < lowest) lowest = value;
  }
  return lowest;
}
