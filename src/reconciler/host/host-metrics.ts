import type { Metrics } from "../../runtime/metrics.ts";
import type { SessionHealth } from "./host-link.ts";
import type { HostSession } from "./host-session.ts";

/** Shows how the links to hosts do: here one sees each heartbeat, none of which is written to the store. */
export function watchHosts(metrics: Metrics, sessions: () => Iterable<HostSession>): void {
  const family = (
    name: string,
    type: "gauge" | "counter",
    help: string,
    value: (health: SessionHealth) => number | undefined,
  ): void =>
    metrics.watchedFamily({ name, type, help, label: "host" }, () =>
      [...sessions()].flatMap((session) => {
        const number = value(session.health);
        return number === undefined ? [] : [[session.hostName, number] as const];
      }),
    );
  family("ostler_host_up", "gauge", "Whether the host answers.", ({ up }) => (up ? 1 : 0));
  family(
    "ostler_host_last_seen_age_seconds",
    "gauge",
    "Time since the host last said anything; absent if it never has.",
    ({ silentMs }) => (silentMs === undefined ? undefined : silentMs / 1000),
  );
  family(
    "ostler_host_calls_in_flight",
    "gauge",
    "Calls that the host has not answered.",
    ({ inFlight }) => inFlight,
  );
  family(
    "ostler_host_reconnects_total",
    "counter",
    "Links made to the host after the first.",
    ({ reconnects }) => reconnects,
  );
}
