import t from "tap";
import { fieldsAt } from "../../../testing/apply-fixture.ts";
import type { ManagedEntry } from "./managed-entries.ts";
import { afterChange, afterUpdate, conflictsWith } from "./ownership.ts";

const writer = {
  manager: "me",
  operation: "Update",
  apiVersion: "v1",
  subresource: undefined,
  time: "2026-01-01T00:00:00Z",
} as const;

function owner(manager: string, ...paths: readonly string[]): ManagedEntry {
  return { ...writer, manager, fields: fieldsAt(...paths) ?? {} };
}

t.test("a conflict is what others own and the writer changes", async (t) => {
  const entries = [owner("a", "x", "y"), owner("b", "z"), owner("me", "x")];
  const changes = { changed: fieldsAt("x", "w"), removed: fieldsAt("z") };
  t.same(conflictsWith(entries, writer, changes), [{ owner: entries[0], fields: fieldsAt("x") }]);
});

t.test("nobody owns what was changed or removed; who owns nothing is forgotten", async (t) => {
  const entries = [owner("a", "x", "y"), owner("b", "z"), owner("c", "struct", "struct.a")];
  t.same(afterChange(entries, { changed: fieldsAt("x", "struct.a"), removed: fieldsAt("z") }), [
    owner("a", "y"),
    owner("c", "struct"),
  ]);
  t.equal(afterChange(entries, { changed: undefined, removed: undefined }), entries);
});

t.test("who updates owns what it changed besides what it owned", async (t) => {
  const entries = [owner("a", "x", "y"), { ...owner("me", "w", "v"), time: "2025-01-01T00:00:00Z" }];
  t.same(afterUpdate(entries, writer, { changed: fieldsAt("x"), removed: fieldsAt("v") }), [
    owner("a", "y"),
    owner("me", "w", "x"),
  ]);
  t.same(
    afterUpdate(entries, writer, { changed: undefined, removed: fieldsAt("y") }),
    [owner("a", "x"), entries[1]],
    "removing makes nobody an owner and is no news of the time",
  );
});
