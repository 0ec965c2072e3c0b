import type { Taint } from "../../schema/host.ts";
import type { Toleration } from "../../schema/placement.ts";
import { type FilterPlugin, keepEqual, type ScorePlugin } from "../framework.ts";
import type { PlacementRequest } from "../request.ts";

/** Hosts all of whose taints that keep machines away are tolerated. */
export const taintTolerationFilter: FilterPlugin = {
  name: "TaintToleration",
  prepare(request, snapshot) {
    const { hosts } = snapshot;
    if (hosts.counts.tainted === 0) return undefined;
    const tolerations = tolerationsOf(request);
    const key = `Taints ${JSON.stringify(tolerations)}`;
    const column = snapshot.traitColumn(key, ({ taints }) =>
      untolerated(taints, tolerations).length === 0 ? 0 : 1,
    );
    return {
      hostsOnly: key,
      keep: (rows, count) => keepEqual(column, 0, rows, count),
      refusal(row) {
        const [taint] = untolerated(hosts.stateOf(row)?.taints ?? [], tolerations);
        return taint && `with taint ${formatTaint(taint)}`;
      },
    };
  },
};

/** Prefers hosts with few taints that the machine would rather avoid and does not tolerate. */
export const taintTolerationScore: ScorePlugin = {
  name: "TaintToleration",
  prepare(request, snapshot) {
    if (snapshot.hosts.counts.avoided === 0) return undefined;
    const tolerations = tolerationsOf(request);
    const column = snapshot.traitColumn(`PreferNoSchedule ${JSON.stringify(tolerations)}`, ({ taints }) =>
      taints.reduce((sum, taint) => sum + (isAvoided(taint, tolerations) ? 1 : 0), 0),
    );
    return { values: () => column, normalization: "lowestBest" };
  },
};

/** The taints that keep a machine with these tolerations away. */
export function untolerated(taints: readonly Taint[], tolerations: readonly Toleration[]): readonly Taint[] {
  return taints.filter(
    (taint) => taint.effect !== "PreferNoSchedule" && !tolerations.some((one) => tolerates(one, taint)),
  );
}

/** `key=value:Effect`, as kubectl writes taints. */
export function formatTaint({ key, value, effect }: Taint): string {
  return `${key}${value === undefined ? "" : `=${value}`}:${effect}`;
}

function isAvoided(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return taint.effect === "PreferNoSchedule" && !tolerations.some((one) => tolerates(one, taint));
}

function tolerates({ key, operator, value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== undefined && key !== taint.key) return false;
  return operator === "Exists" || (key !== undefined && value === (taint.value ?? ""));
}

function tolerationsOf({ rules }: PlacementRequest): readonly Toleration[] {
  return rules.tolerations ?? [];
}
