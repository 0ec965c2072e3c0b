import t from "tap";
import { admit } from "./admission.ts";
import { type Host, HostKind } from "./host.ts";
import { checkHost } from "./host-rules.ts";

const base = admit(HostKind, {
  apiVersion: "ostler.dev/v1",
  kind: "Host",
  metadata: { name: "h1" },
  spec: { uri: "qemu:///system" },
});

function host(spec: Partial<Host["spec"]>): Host {
  return { ...base, spec: { ...base.spec, ...spec } };
}

const noSchedule = { key: "maintenance", effect: "NoSchedule" as const };

const rules: readonly [Host, readonly string[]][] = [
  [base, []],
  [host({ taints: [noSchedule, { ...noSchedule, effect: "NoExecute" }] }), []],
  [host({ taints: [noSchedule, { ...noSchedule, value: "disk" }] }), ["spec.taints[1]"]],
  [host({ reserved: { cpus: 0, memory: "0", disk: "1.5Ti" } }), []],
  [host({ reserved: { cpus: 0, memory: "9999Pi", disk: "9999Pi" } }), reservedFields("memory", "disk")],
];

t.test("what is reserved can be counted, and a taint stands once", async (t) => {
  for (const [given, fields] of rules) {
    const found = checkHost(given).map(({ field }) => field);
    t.strictSame(found, fields, JSON.stringify(given.spec));
  }
});

function reservedFields(...names: readonly string[]): readonly string[] {
  return names.map((name) => `spec.reserved.${name}`);
}
