import t from "tap";
import { VirtualMachineSchema } from "../../schema/virtual-machine.ts";
import { pruneUnknownFields } from "./unknown-fields.ts";

t.test("fields that the schema does not know are taken out and told, with what was meant", async (t) => {
  const { value, unknown } = pruneUnknownFields(VirtualMachineSchema, {
    apiVersion: "ostler.dev/v1",
    metadata: { name: "web", labels: { anything: "goes" }, nothing: 1 },
    spec: { cpu: 1, memory: 5, disks: [{ name: "a" }, { nam: "b", size: "1Gi" }] },
    extra: {},
  });
  t.same(value, {
    apiVersion: "ostler.dev/v1",
    metadata: { name: "web", labels: { anything: "goes" } },
    spec: { memory: 5, disks: [{ name: "a" }, { size: "1Gi" }] },
  });
  t.same(
    unknown.map(({ field }) => field),
    ["metadata.nothing", "spec.cpu", "spec.disks[1].nam", "extra"],
  );
  t.equal(unknown[1]?.meant, "cpus");
  t.equal(unknown[2]?.meant, "name");
});

t.test("what is known stays as it is, right or wrong", async (t) => {
  const value = { spec: "not an object", metadata: { labels: [1] } };
  t.same(pruneUnknownFields(VirtualMachineSchema, value), { value, unknown: [] });
  t.same(pruneUnknownFields(VirtualMachineSchema, 5), { value: 5, unknown: [] });
});

t.test("many unknown fields do not cost many guesses", async (t) => {
  const spec = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`cpux${index}`, 1]));
  const { unknown } = pruneUnknownFields(VirtualMachineSchema, { spec });
  t.equal(unknown.length, 50_000);
  t.ok(unknown.slice(16).every(({ meant }) => meant === undefined));
});
