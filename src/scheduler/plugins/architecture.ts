import { type FilterPlugin, keepEqual } from "../framework.ts";

/** Hosts of the architecture that the machine's images are made for, where they say. */
export const architecture: FilterPlugin = {
  name: "Architecture",
  prepare({ architectures }, snapshot) {
    if (architectures.length === 0) return undefined;
    const fits = (name: string | undefined) => architectures.every((wanted) => wanted === name);
    const key = `Architecture ${architectures.join(" ")}`;
    const column = snapshot.traitColumn(key, (host) => (fits(host.architecture) ? 1 : 0));
    const reason = `of another architecture than ${architectures.join(" and ")}`;
    return {
      hostsOnly: key,
      keep: (rows, count) => keepEqual(column, 1, rows, count),
      refusal: (row) => (column[row] === 1 ? undefined : reason),
    };
  },
};
