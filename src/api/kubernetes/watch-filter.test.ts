import t from "tap";
import type { Resource } from "../../schema/meta.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { parseSelector, type Selector } from "./selectors.ts";
import { WatchFilter } from "./watch-filter.ts";

function machine(name: string, app: string): Resource {
  return {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name, namespace: "default", labels: { app } },
  };
}

function selector(labels: string | null, fields: string | null): Selector {
  const parsed = parseSelector(VirtualMachineKind, labels, fields);
  if (parsed === undefined) throw new Error("selects everything");
  return parsed;
}

t.test("what comes to match is added, what ceases to is deleted", async (t) => {
  const filter = new WatchFilter(selector("app=web", null), [machine("old", "web")]);
  const seen = (type: "ADDED" | "MODIFIED" | "DELETED", name: string, app: string) =>
    filter.apply({ type, object: machine(name, app) })?.type;
  t.equal(seen("ADDED", "a", "web"), "ADDED");
  t.equal(seen("MODIFIED", "a", "web"), "MODIFIED");
  t.equal(seen("MODIFIED", "a", "db"), "DELETED");
  t.equal(seen("MODIFIED", "a", "db"), undefined);
  t.equal(seen("MODIFIED", "a", "web"), "ADDED");
  t.equal(seen("DELETED", "a", "web"), "DELETED");
  t.equal(seen("ADDED", "b", "db"), undefined);
  t.equal(seen("DELETED", "b", "db"), undefined);
  t.equal(seen("MODIFIED", "old", "web"), "MODIFIED", "it matched from the start");
  t.equal(seen("MODIFIED", "other", "db"), undefined, "it never matched");
});

t.test("a stable selector passes events on as they are", async (t) => {
  const filter = new WatchFilter(selector(null, "metadata.name=a"), []);
  const event = { type: "MODIFIED", object: machine("a", "web") } as const;
  t.equal(filter.apply(event), event);
  t.equal(filter.apply({ type: "DELETED", object: machine("b", "web") }), undefined);
});
