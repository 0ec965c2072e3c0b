import { matchesSelector } from "../../schema/label-selector.ts";
import { type FilterPlugin, keepEqual } from "../framework.ts";

/** Hosts that have all labels of the machine's `hostSelector`. */
export const hostSelector: FilterPlugin = {
  name: "HostSelector",
  prepare({ rules: { hostSelector: wanted = {} } }, { hosts, rules }) {
    const labels = Object.entries(wanted);
    if (labels.length === 0) return undefined;
    const column = rules.column(`HostSelector ${JSON.stringify(wanted)}`, (host) =>
      matchesSelector({ matchLabels: wanted }, host.labels) ? 1 : 0,
    );
    return {
      keep: (rows, count) => keepEqual(column, 1, rows, count),
      refusal(row) {
        if (column[row] === 1) return undefined;
        const found = hosts.stateOf(row)?.labels ?? {};
        const lacking = labels.filter(
          ([key, value]) => !matchesSelector({ matchLabels: { [key]: value } }, found),
        );
        return `without label ${lacking.map(([key, value]) => `${key}=${value}`).join(", ")}`;
      },
    };
  },
};
