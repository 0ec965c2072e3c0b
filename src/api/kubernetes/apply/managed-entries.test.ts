import t from "tap";
import { fieldsAt } from "../../../testing/apply-fixture.ts";
import {
  capUpdaters,
  decodeManagedFields,
  encodeManagedFields,
  isReset,
  isSameManager,
  type ManagedEntry,
} from "./managed-entries.ts";

const apiVersion = "ostler.dev/v1";
const time = "2026-01-01T00:00:00Z";

function entry(manager: string, more: Partial<ManagedEntry> = {}): ManagedEntry {
  return {
    manager,
    operation: "Apply",
    apiVersion,
    subresource: undefined,
    time,
    fields: { "f:x": {} },
    ...more,
  };
}

t.test("entries come back as they went", async (t) => {
  const entries = [
    entry("a", { fields: { "f:list": { ".": {}, 'k:{"name":"a"}': { "f:x": {}, 'v:"y"': {} } } } }),
    entry("b", { operation: "Update", subresource: "status" }),
  ];
  const encoded = encodeManagedFields(entries);
  t.match(encoded?.[1], { manager: "b", operation: "Update", fieldsType: "FieldsV1", subresource: "status" });
  t.same(decodeManagedFields(JSON.parse(JSON.stringify(encoded)), apiVersion), entries);
  t.equal(encodeManagedFields([]), undefined);
  t.same(decodeManagedFields(undefined, apiVersion), []);
});

t.test("appliers stand before updaters, updaters in order of time", async (t) => {
  const update = (manager: string, at: string) => entry(manager, { operation: "Update", time: at });
  const entries = [update("z", "2026-01-02T00:00:00Z"), update("a", "2026-01-03T00:00:00Z"), entry("m")];
  t.same(
    encodeManagedFields(entries)?.map(({ manager }) => manager),
    ["m", "z", "a"],
  );
});

t.test(
  "what is no list of entries is none; what says nothing, or of another version, is left out",
  async (t) => {
    const good = {
      manager: "a",
      operation: "Apply",
      apiVersion,
      time,
      fieldsType: "FieldsV1",
      fieldsV1: { "f:x": {} },
    };
    t.equal(decodeManagedFields([good], apiVersion)?.length, 1);
    t.same(decodeManagedFields([{ ...good, fieldsV1: {} }], apiVersion), []);
    t.same(decodeManagedFields([{ ...good, fieldsV1: { ".": {} } }], apiVersion), []);
    t.same(decodeManagedFields([{ ...good, apiVersion: "ostler.dev/v0" }], apiVersion), []);
    const deep = JSON.parse(`${'{"f:x":'.repeat(80)}{}${"}".repeat(80)}`);
    for (const bad of [
      {},
      "text",
      Array.from({ length: 129 }, () => good),
      [{}],
      [null],
      [{ ...good, manager: 1 }],
      [{ ...good, manager: "" }],
      [{ ...good, manager: "x".repeat(400) }],
      [{ ...good, operation: "Delete" }],
      [{ ...good, fieldsType: "FieldsV2" }],
      [{ ...good, time: "yesterday" }],
      [{ ...good, fieldsV1: [] }],
      [{ ...good, fieldsV1: { x: {} } }],
      [{ ...good, fieldsV1: { "f:x": 1 } }],
      [{ ...good, fieldsV1: { "f:constructor": {} } }],
      [{ ...good, fieldsV1: deep }],
    ]) {
      t.equal(decodeManagedFields(bad, apiVersion), undefined, JSON.stringify(bad).slice(0, 80));
    }
  },
);

t.test("one empty entry asks to forget everything, none asks nothing", async (t) => {
  t.ok(isReset([{}]));
  for (const other of [[], [{}, {}], [{ manager: "a" }], {}, undefined]) t.notOk(isReset(other));
});

t.test("appliers are the same whatever their version, updaters are not", async (t) => {
  const other = { apiVersion: "ostler.dev/v2" };
  t.ok(isSameManager(entry("a"), entry("a", other)));
  t.notOk(isSameManager(entry("a", { operation: "Update" }), entry("a", { operation: "Update", ...other })));
  t.notOk(isSameManager(entry("a"), entry("a", { operation: "Update" })));
  t.notOk(isSameManager(entry("a"), entry("a", { subresource: "status" })));
});

t.test("the oldest of more than ten updaters are put together, appliers never", async (t) => {
  const updaters = Array.from({ length: 12 }, (_, index) =>
    entry(`u${index}`, {
      operation: "Update",
      time: `2026-01-01T00:00:${10 + index}Z`,
      fields: { [`f:x${index}`]: {} },
    }),
  );
  const appliers = Array.from({ length: 12 }, (_, index) => entry(`a${index}`));
  const capped = capUpdaters([...appliers, ...updaters]);
  t.equal(capped.length, 12 + 10);
  t.match(
    capped.find(({ manager }) => manager === "ancient-changes"),
    { time: "2026-01-01T00:00:12Z", fields: fieldsAt("x0", "x1", "x2") },
  );
  t.equal(capUpdaters(capped), capped);
});
