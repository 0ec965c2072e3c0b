import t from "tap";
import type { Kind } from "../../schema/kind.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { columnDefinitions, tableOf } from "./table.ts";

const kind: Kind = {
  ...VirtualMachineKind,
  check: () => [],
  checkUpdate: () => [],
  columns: [
    { name: "Ready", path: "status.conditions[Ready].status", type: "string" },
    { name: "Size", path: "spec.cpus", type: "integer" },
    { name: "Seen", path: "status.seen", type: "date", description: "When." },
    { name: "Object", path: "spec", type: "string", wide: true },
  ],
};

const now = Date.UTC(2026, 10, 20, 9, 30);
const machine = {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: {
    name: "web",
    namespace: "default",
    resourceVersion: "7",
    creationTimestamp: "2026-11-20T09:27:55Z",
  },
  spec: { cpus: 2 },
  status: {
    conditions: [
      { type: "Scheduled", status: "False" },
      { type: "Ready", status: "True" },
    ],
    seen: "2026-11-20T08:30:00Z",
  },
};

function cells(resource: typeof machine | object) {
  const item = { ...machine, ...resource };
  const { rows } = tableOf(kind, [item], {}, { now, include: "None", headers: false });
  return rows;
}

t.test("columns are the name, the kind's own and the age; wide ones have a lower priority", async (t) => {
  t.match(columnDefinitions(kind), [
    { name: "Name", type: "string", format: "name", priority: 0 },
    { name: "Ready", type: "string", priority: 0 },
    { name: "Size", type: "integer", priority: 0 },
    { name: "Seen", type: "string", priority: 0, description: "When." },
    { name: "Object", type: "string", priority: 1 },
    { name: "Age", type: "string", priority: 0 },
  ]);
});

t.test(
  "cells are scalars: list items by their type, times as ages, nothing for what is not there",
  async (t) => {
    t.same(cells({}), [{ cells: ["web", "True", 2, "60m", "", "2m5s"] }]);
    t.same(cells({ status: { conditions: "odd", seen: "never" }, spec: undefined }), [
      { cells: ["web", "", "", "<invalid>", "", "2m5s"] },
    ]);
    t.same(cells({ metadata: { name: "new" }, status: undefined }), [
      { cells: ["new", "", 2, "<unknown>", "", "<unknown>"] },
    ]);
  },
);

t.test("a row carries as much of its object as was asked for", async (t) => {
  const options = { now, headers: true };
  const metadata = { resourceVersion: "9" };
  const whole = tableOf(kind, [machine], metadata, { ...options, include: "Object" });
  t.match(whole, { kind: "Table", apiVersion: "meta.k8s.io/v1", metadata, rows: [{ object: machine }] });
  const partial = tableOf(kind, [machine], metadata, { ...options, include: "Metadata" });
  t.match(partial.rows, [{ object: { kind: "PartialObjectMetadata", metadata: machine.metadata } }]);
  t.notMatch(JSON.stringify(partial.rows), '"spec"');
});
