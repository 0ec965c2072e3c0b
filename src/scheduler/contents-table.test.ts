import t from "tap";
import { ContentsTable } from "./contents-table.ts";

const held = (...volumes: string[]) => new Set(volumes);

t.test("who holds a content follows what the hosts hold", async (t) => {
  const table = new ContentsTable();
  table.changed(1, held(), held("a", "b"));
  table.changed(2, held(), held("b"));
  t.same([...table.holders("b")], [1, 2]);
  table.changed(1, held("a", "b"), held("a"));
  t.same([...table.holders("b")], [2]);
  table.changed(2, held("b"), held());
  t.equal(table.holders("b").size, 0);
  t.same([...table.holders("a")], [1]);
});
