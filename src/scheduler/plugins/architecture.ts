import { type FilterPlugin, keepEqual } from "../framework.ts";

/** Hosts of the architecture that the machine's images are made for, where they say. */
export const architecture: FilterPlugin = {
  name: "Architecture",
  prepare({ architectures }, { rules }) {
    if (architectures.length === 0) return undefined;
    const fits = (name: string | undefined) => architectures.every((wanted) => wanted === name);
    const column = rules.column(`Architecture ${architectures.join(" ")}`, (host) =>
      fits(host.architecture) ? 1 : 0,
    );
    const reason = `of another architecture than ${architectures.join(" and ")}`;
    return {
      keep: (rows, count) => keepEqual(column, 1, rows, count),
      refusal: (row) => (column[row] === 1 ? undefined : reason),
    };
  },
};
