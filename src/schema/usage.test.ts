import t from "tap";
import { NodeMetricsKind, PodMetricsKind } from "./usage.ts";

t.test("the figures of a pod are those of its one container", async (t) => {
  const usage = { cpu: "250m", memory: "64Mi" };
  const pod = {
    apiVersion: "metrics.k8s.io/v1beta1" as const,
    kind: "PodMetrics" as const,
    metadata: { name: "web" },
    timestamp: "2026-01-01T00:00:00Z",
    window: "1s",
    containers: [{ name: "console" as const, usage }],
  };
  t.same(
    PodMetricsKind.columns.map(({ show }) => show?.(undefined, pod)),
    ["250m", "64Mi", undefined],
  );
  t.ok(PodMetricsKind.unwatchable && NodeMetricsKind.unwatchable);
});
