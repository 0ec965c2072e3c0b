import t from "tap";
import { decodeContinueToken } from "./continue-token.ts";
import { Page } from "./page.ts";

t.test("a page takes as many as it may, and tells where the next begins", async (t) => {
  const page = new Page<string>(2);
  t.strictSame(
    ["/a", "/b", "/c"].map((key) => page.add(key, key)),
    [true, true, false],
  );
  const { continue: next = "", ...list } = page.list(7, 0);
  t.strictSame(list, { items: ["/a", "/b"], resourceVersion: "7" });
  t.strictSame(decodeContinueToken(next, "/"), { revision: 7, lastKey: "/b" });
});

t.test("what was left out before it is told too", async (t) => {
  const page = new Page<string>(1);
  page.add("/a", "a");
  t.match(page.list(7, 3), { remaining: 3, continue: /./ });
  t.strictSame(page.list(7, 0), { items: ["a"], resourceVersion: "7" });
});

t.test("without a limit there is one page", async (t) => {
  const page = new Page<string>(0);
  t.strictSame(page.list(1, 0), { items: [], resourceVersion: "1" });
  t.ok(page.add("/a", "a") && page.add("/b", "b"));
  t.strictSame(page.list(1, 0).continue, undefined);
});
