import t from "tap";
import { apiVersionOf } from "./kind.ts";
import { reviewKinds } from "./reviews.ts";
import { conforms } from "./validator.ts";

t.test("a question needs neither a name nor an answer, and can only be asked", async (t) => {
  for (const kind of reviewKinds) {
    t.equal(kind.askOnly, true);
    const question = {
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata: { creationTimestamp: null },
      ...(kind.kind !== "SelfSubjectReview" && { spec: {} }),
    };
    t.ok(conforms(kind, question), kind.kind);
    t.notOk(conforms(kind, { ...question, unknown: 1 }), kind.kind);
  }
});
