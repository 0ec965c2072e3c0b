import { matchesSelector } from "../../schema/label-selector.ts";
import { type FilterPlugin, keepEqual } from "../framework.ts";

/** Hosts that have all labels of the machine's `hostSelector`. */
export const hostSelector: FilterPlugin = {
  name: "HostSelector",
  prepare({ rules: { hostSelector: wanted = {} } }, snapshot) {
    const labels = Object.entries(wanted);
    if (labels.length === 0) return undefined;
    const key = `HostSelector ${JSON.stringify(wanted)}`;
    const column = snapshot.traitColumn(key, (host) =>
      matchesSelector({ matchLabels: wanted }, host.labels) ? 1 : 0,
    );
    return {
      hostsOnly: key,
      keep: (rows, count) => keepEqual(column, 1, rows, count),
      refusal(row) {
        if (column[row] === 1) return undefined;
        const found = snapshot.hosts.stateOf(row)?.labels ?? {};
        const lacking = labels.filter(
          ([key, value]) => !matchesSelector({ matchLabels: { [key]: value } }, found),
        );
        return `without label ${lacking.map(([key, value]) => `${key}=${value}`).join(", ")}`;
      },
    };
  },
};
