import t from "tap";
import type { Resource } from "../../../schema/meta.ts";
import { VirtualMachineKind } from "../../../schema/virtual-machine.ts";
import { decodeManagedFields } from "./managed-entries.ts";
import { trackUpdate, withEntriesIfChanged } from "./track.ts";

const kind = VirtualMachineKind;
const apiVersion = "ostler.dev/v1";
const early = "2026-01-01T00:00:00Z";
const late = "2026-01-02T00:00:00Z";

function machine(spec: object, managedFields?: object[]): Resource {
  const metadata = { name: "web", uid: "u", ...(managedFields && { managedFields }) };
  return Object.assign({ apiVersion, kind: "VirtualMachine", metadata }, { spec });
}

const created = trackUpdate(
  kind,
  { manager: "maker", subresource: undefined, time: early },
  { before: undefined, after: machine({ cpus: 1 }) },
);
const hand = { manager: "hand", subresource: undefined, time: late };

function managersOf({ metadata: { managedFields = [] } }: Resource): readonly unknown[] {
  return managedFields.map(({ manager, time }) => [manager, time]);
}

t.test("who makes an object owns it", async (t) => {
  t.same(created.metadata.managedFields, [
    {
      manager: "maker",
      operation: "Update",
      apiVersion,
      time: early,
      fieldsType: "FieldsV1",
      fieldsV1: { "f:spec": { ".": {}, "f:cpus": {} } },
    },
  ]);
});

t.test("who changes a field owns it; who changes nothing leaves no trace", async (t) => {
  const changed = trackUpdate(kind, hand, { before: created, after: machine({ cpus: 2 }) });
  t.same(managersOf(changed), [
    ["maker", early],
    ["hand", late],
  ]);
  const same = trackUpdate(kind, hand, { before: created, after: machine({ cpus: 1 }) });
  t.same(same.metadata.managedFields, created.metadata.managedFields);
});

t.test("what is not tracked stays so until somebody applies", async (t) => {
  const after = trackUpdate(kind, hand, { before: machine({ cpus: 1 }), after: machine({ cpus: 2 }) });
  t.notHas(after.metadata, { managedFields: [] });
});

t.test("a writer may say who owns what, or that nobody does", async (t) => {
  const write = (given: unknown, subresource?: string) =>
    managersOf(
      trackUpdate(kind, { ...hand, subresource }, { before: created, after: machine({ cpus: 1 }), given }),
    );
  const others = created.metadata.managedFields?.map((entry) => ({ ...entry, manager: "other" }));
  t.same(write(others), [["other", early]]);
  t.same(write([{}]), []);
  for (const nothing of [undefined, [], "text", [{ manager: "x" }], null])
    t.same(write(nothing), [["maker", early]]);
  t.same(write([{}], "status"), [["maker", early]], "but not by the path of a subresource");
});

t.test("an apply after which only the time is new is no change", async (t) => {
  const entries = decodeManagedFields(created.metadata.managedFields, apiVersion) ?? [];
  const later = entries.map((entry) => ({ ...entry, time: late }));
  t.same(withEntriesIfChanged(machine({ cpus: 1 }), created, later).metadata, created.metadata);
  t.same(managersOf(withEntriesIfChanged(machine({ cpus: 2 }), created, later)), [["maker", late]]);
  const other = later.map((entry) => ({ ...entry, manager: "other" }));
  t.same(managersOf(withEntriesIfChanged(machine({ cpus: 1 }), created, other)), [["other", late]]);
});
