import { formatTime } from "../../runtime/clock.ts";
import type { Host } from "../../schema/host.ts";
import type { MeasuredHost, Used } from "../../schema/measured-host.ts";
import type { NodeMetrics, PodMetrics } from "../../schema/usage.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";

/** What a machine used; undefined when nobody measured it. */
export function podMetricsOf(
  { metadata, status }: VirtualMachine,
  measured: ReadonlyMap<string, MeasuredHost>,
): PodMetrics | undefined {
  const host = measured.get(status?.hostName ?? "");
  const used = host?.guests.get(metadata.uid ?? "");
  if (host === undefined || used === undefined) return undefined;
  const { name, namespace, labels, creationTimestamp } = metadata;
  return {
    apiVersion: "metrics.k8s.io/v1beta1",
    kind: "PodMetrics",
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels !== undefined && { labels }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
    },
    ...stretchOf(host),
    containers: [{ name: "console", usage: usageOf(used) }],
  };
}

/** What a host used; undefined when nobody measured it. */
export function nodeMetricsOf(
  { metadata }: Host,
  measured: ReadonlyMap<string, MeasuredHost>,
): NodeMetrics | undefined {
  const host = measured.get(metadata.name);
  if (host?.host === undefined) return undefined;
  const { name, labels, creationTimestamp } = metadata;
  return {
    apiVersion: "metrics.k8s.io/v1beta1",
    kind: "NodeMetrics",
    metadata: {
      name,
      ...(labels !== undefined && { labels }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
    },
    ...stretchOf(host),
    usage: usageOf(host.host),
  };
}

function stretchOf({ endedAt, windowMs }: MeasuredHost): { timestamp: string; window: string } {
  return { timestamp: formatTime(endedAt), window: `${(windowMs / 1000).toFixed(3)}s` };
}

function usageOf({ cpus, memoryBytes }: Used): { cpu: string; memory: string } {
  return { cpu: `${Math.round(cpus * 1e9)}n`, memory: `${Math.round(memoryBytes / 1024)}Ki` };
}
