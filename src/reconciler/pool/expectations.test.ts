import t from "tap";
import { keyOf, type Resource } from "../../schema/meta.ts";
import { member, pool } from "../../testing/pool-fixture.ts";
import { AllExpectations, Expectations } from "./expectations.ts";

const at = (resourceVersion: string): Resource => member("a", {}, { resourceVersion });

function shown(revision: number, ...objects: readonly Resource[]) {
  return {
    revision,
    get: ({ name }: { readonly name: string }) => objects.find(({ metadata }) => metadata.name === name),
  };
}

t.test("what was written is shown when the cache has come so far", async (t) => {
  const expected = new Expectations("u");
  t.ok(expected.isMetBy(shown(0)));
  expected.wrote(at("7"));
  expected.wrote(at("5"));
  t.notOk(expected.isMetBy(shown(6)));
  t.ok(expected.isMetBy(shown(7)));
});

t.test("what is gone is shown no more, or another of its name is", async (t) => {
  const expected = new Expectations("u");
  const one = at("7");
  expected.removed(one);
  t.notOk(expected.isMetBy(shown(9, one)));
  t.ok(expected.isMetBy(shown(9, at("8"))));
  t.ok(expected.isMetBy(shown(9, one)), "once seen it is forgotten");
});

t.test("a pool that is made anew expects nothing", async (t) => {
  const all = new AllExpectations();
  const first = pool();
  all.of(first).wrote(at("7"));
  t.equal(all.of(first), all.of(first));
  t.notOk(all.of(first).isMetBy(shown(1)));
  t.ok(all.of(pool({}, { uid: "another" })).isMetBy(shown(1)));
  all.of(first).wrote(at("7"));
  all.forget(keyOf(first));
  t.ok(all.of(first).isMetBy(shown(1)));
});
