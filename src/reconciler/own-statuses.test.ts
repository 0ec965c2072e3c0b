import t from "tap";
import type { Volume } from "../schema/volume.ts";
import { on, volume } from "../testing/volume-plan-fixture.ts";
import type { Change } from "./informer.ts";
import { OwnStatuses } from "./own-statuses.ts";

const before = volume({});
const after = volume(on("h1"));

function modified(object: Volume, previous = before): Change<Volume> {
  return { type: "modified", object, previous };
}

t.test("what was written here is known again, also before the write has returned", async (t) => {
  const own = new OwnStatuses();
  t.notOk(own.has(modified(after)));
  own.note(before, on("h1"));
  t.ok(own.has(modified(after)));
  t.notOk(own.has({ type: "added", object: after }));
});

t.test("what somebody else has written is news", async (t) => {
  const own = new OwnStatuses();
  own.note(before, on("h1"));
  t.notOk(own.has(modified(volume(on("h2")))));
  t.notOk(own.has(modified(volume(on("h1"), { generation: 2 }))));
  t.notOk(own.has(modified(volume(on("h1"), { deletionTimestamp: "2026-01-01T00:00:00Z" }))));
});

t.test("of what is gone nothing is remembered", async (t) => {
  const own = new OwnStatuses();
  own.note(before, on("h1"));
  t.notOk(own.has({ type: "deleted", object: after, previous: after }));
  t.notOk(own.has(modified(after)));
});
