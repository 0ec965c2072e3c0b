import t from "tap";
import type { LogRecord } from "./log.ts";
import { PastState } from "./past-state.ts";
import { SortedKeys } from "./sorted-keys.ts";

function record(key: string, revision: number): LogRecord {
  return { key, value: `${revision}`, revision, createRevision: 1 };
}

t.test("what was made since is not there, what was changed or deleted is as it was", async (t) => {
  const keys = new SortedKeys();
  for (const key of ["/a/1", "/a/2", "/a/4"]) keys.add(key);
  const state = new PastState("/a/");
  const [one, three] = [record("/a/1", 1), record("/a/3", 3)];
  state.undo({ key: "/a/1", revision: 5, current: record("/a/1", 5), previous: one });
  state.undo({ key: "/a/1", revision: 6, current: record("/a/1", 6), previous: record("/a/1", 5) });
  state.undo({ key: "/a/2", revision: 7, current: record("/a/2", 7), previous: undefined });
  state.undo({ key: "/a/3", revision: 8, current: undefined, previous: three });
  state.undo({ key: "/b/1", revision: 9, current: record("/b/1", 9), previous: undefined });
  const found = state.keys(keys, { after: "", limit: Number.POSITIVE_INFINITY });
  t.same(found, ["/a/1", "/a/2", "/a/3", "/a/4"]);
  t.same(
    found.map((key) => state.record(key, record(key, 10))?.revision),
    [1, undefined, 3, 10],
  );
  t.equal(state.countAfter("", keys), 3);
  t.equal(state.countAfter("/a/1", keys), 2);
  t.same(state.keys(keys, { after: "/a/2", limit: 1 }), ["/a/3", "/a/4"]);
});
