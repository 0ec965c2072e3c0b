import t from "tap";
import { forbidden, subjectOf } from "./forbidden.ts";

const deed = { type: "resource", verb: "get", group: "", version: "v1", resource: "secrets" } as const;
const attributes = { ...deed, subresource: undefined, namespace: "a", name: "x" };

t.test("a name from a request cannot break out of the message", async (t) => {
  const error = forbidden({ name: 'a"\n', groups: [] }, { ...attributes, name: 'x"\ny' }, "");
  t.equal(error.code, 403);
  t.notMatch(error.message, /\n/);
});

t.test("the reason follows, and the Status says what it is about", async (t) => {
  const { message } = forbidden({ name: "ann", groups: [] }, attributes, "because");
  t.match(message, /in the namespace "a": because$/);
  t.same(subjectOf(attributes), { group: "", resource: "secrets", kind: "secrets", name: "x" });
  t.equal(subjectOf({ type: "path", verb: "get", path: "/" }), undefined);
});
