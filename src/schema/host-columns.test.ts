import t from "tap";
import { admit } from "./admission.ts";
import { type Host, HostKind, type HostStatus } from "./host.ts";
import { hostColumns } from "./host-columns.ts";

function host(unschedulable: boolean, status: HostStatus = {}): Host {
  const head = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name: "h1" } };
  return { ...admit(HostKind, { ...head, spec: { uri: "qemu:///system", unschedulable } }), status };
}

function ready(status: "True" | "False", reason: string): HostStatus {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  return { conditions: [{ type: "Ready", status, reason, message: "", lastTransitionTime }] };
}

function shown(name: string, value: unknown, of: Host): unknown {
  return hostColumns.find((column) => column.name === name)?.show?.(value, of);
}

t.test("a host that is ready needs no reason, unless it takes no new machines", async (t) => {
  t.equal(shown("Reason", "Connected", host(false, ready("True", "Connected"))), undefined);
  t.equal(shown("Reason", "Connected", host(true, ready("True", "Connected"))), "Cordoned");
  t.equal(shown("Reason", "DaemonHung", host(true, ready("False", "DaemonHung"))), "DaemonHung");
  t.equal(shown("Reason", undefined, host(false)), undefined);
});

t.test("sizes are for people, and nothing is shown of what is not known", async (t) => {
  t.equal(shown("Memory", 25_025_421_312, host(false)), "23.3Gi");
  t.equal(shown("Memory", undefined, host(false)), undefined);
  t.equal(shown("Last seen", undefined, host(false)), undefined);
});
