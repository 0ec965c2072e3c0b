import t from "tap";
import { SortedKeys } from "./sorted-keys.ts";

t.test("keys come out in order, whatever the order and number they went in", async (t) => {
  const keys = new SortedKeys();
  const all = Array.from({ length: 5000 }, (_, i) => `/k/${(i * 7919) % 5000}`);
  for (const key of all) keys.add(key);
  for (const key of all) keys.add(key);
  all.sort();
  t.same([...keys.under("/")], all);
  for (const key of all.filter((_, i) => i % 3 !== 0)) keys.delete(key);
  keys.delete("/none");
  const rest = all.filter((_, i) => i % 3 === 0);
  t.same([...keys.under("/")], rest);
  t.same(
    [...keys.under("/k/4")],
    rest.filter((key) => key.startsWith("/k/4")),
  );
  t.same(
    [...keys.under("/k/", "/k/45")],
    rest.filter((key) => key > "/k/45"),
  );
  for (const after of ["", "/k/45", "/k/450", "/z", ...rest.slice(0, 3)]) {
    for (const prefix of ["", "/", "/k/4", "/k/999", "/x/"]) {
      t.equal(keys.countUnder(prefix, after), [...keys.under(prefix, after)].length, `${prefix} ${after}`);
    }
  }
  for (const limit of [0, 1, 511, 600]) {
    t.same(keys.under("/k/", "/k/1", limit), keys.under("/k/", "/k/1").slice(0, limit), `${limit}`);
  }
  t.same([keys.has("/k/3"), keys.has("/k/1"), keys.has("/z")], [true, false, false]);
  for (const key of rest) keys.delete(key);
  t.equal(keys.countUnder("", ""), 0);
  t.same([...keys.under("")], []);
});

t.test("a prefix and a start may lie outside of what is there", async (t) => {
  const keys = new SortedKeys();
  for (const key of ["/b/1", "/b/2", "/d/1"]) keys.add(key);
  t.same([...keys.under("/a/")], []);
  t.same([...keys.under("/b/", "/a/zzz")], ["/b/1", "/b/2"]);
  t.same([...keys.under("/b/", "/b/2")], []);
  t.same([...keys.under("/c/")], []);
  t.same([...keys.under("/d/", "/e")], []);
});
