import { type FilterPlugin, keepEqual, type ScorePlugin } from "../framework.ts";
import { matchesHostTerm, requiredHostTerms } from "../host-choice.ts";

/** Hosts that are what at least one term of the machine's required `hostAffinity` asks for. */
export const hostAffinityFilter: FilterPlugin = {
  name: "HostAffinity",
  prepare(request, snapshot) {
    const terms = requiredHostTerms(request.rules);
    if (terms === undefined) return undefined;
    const key = `HostAffinity ${JSON.stringify(terms)}`;
    const column = snapshot.traitColumn(key, ({ labels }) =>
      terms.some((term) => matchesHostTerm(term, labels)) ? 1 : 0,
    );
    return {
      hostsOnly: key,
      keep: (rows, count) => keepEqual(column, 1, rows, count),
      refusal: (row) => (column[row] === 1 ? undefined : "not what hostAffinity asks for"),
    };
  },
};

/** Prefers the hosts for which the weights of the preferred `hostAffinity` terms that hold are the most. */
export const hostAffinityScore: ScorePlugin = {
  name: "HostAffinity",
  prepare({ rules: { affinity } }, snapshot) {
    const wishes = affinity?.hostAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (wishes.length === 0) return undefined;
    const column = snapshot.traitColumn(`PreferredHosts ${JSON.stringify(wishes)}`, ({ labels }) =>
      wishes.reduce(
        (sum, { weight, preference }) => sum + (matchesHostTerm(preference, labels) ? weight : 0),
        0,
      ),
    );
    return { values: () => column, normalization: "highestBest" };
  },
};
