// One line of what a benchmark says.

/** One line; without a goal it is there to compare with. */
export function show(what: string, seen: string, met?: boolean, goal = ""): void {
  const verdict = met === undefined ? "" : `${met ? "yes" : "NO"} (${goal})`;
  console.log(`  ${what.padEnd(62)} ${seen.padEnd(26)} ${verdict}`);
}

export const round = (value: number, digits = 0): string => value.toFixed(digits);
