import t from "tap";
import { fieldsAt } from "../../../testing/apply-fixture.ts";
import { applyConflict } from "./conflict.ts";

const apiVersion = "ostler.dev/v1";
const one = { manager: "one", operation: "Apply", apiVersion, subresource: undefined } as const;

t.test("one conflict is told in one line", async (t) => {
  const fields = fieldsAt('spec.disks[{"name":"a"}].size') ?? {};
  const error = applyConflict([{ owner: one, fields }]);
  t.equal(error.reason, "Conflict");
  t.equal(error.message, 'Apply failed with 1 conflict: conflict with "one": .spec.disks[name="a"].size');
  t.same(error.causes, [
    { reason: "FieldManagerConflict", message: 'conflict with "one"', field: '.spec.disks[name="a"].size' },
  ]);
});

t.test("several are told by manager, who says by which path and version it wrote", async (t) => {
  const two = { manager: "two", operation: "Update", apiVersion, subresource: "status" } as const;
  const error = applyConflict([
    { owner: two, fields: fieldsAt("status.x") ?? {} },
    { owner: one, fields: fieldsAt("spec.b", "spec.a") ?? {} },
  ]);
  t.equal(
    error.message,
    [
      'Apply failed with 3 conflicts: conflicts with "one":',
      "- .spec.a",
      "- .spec.b",
      'conflicts with "two" with subresource "status" using ostler.dev/v1:',
      "- .status.x",
    ].join("\n"),
  );
  t.equal(error.causes.length, 3);
});

t.test("a thousand conflicts are told in few words", async (t) => {
  const paths = Array.from({ length: 1000 }, (_, index) => `labels.x${index}`);
  const { message, causes } = applyConflict([{ owner: one, fields: fieldsAt(...paths) ?? {} }]);
  t.match(message, /^Apply failed with 1000 conflicts: [\s\S]*- and 936 more$/);
  t.equal(causes.length, 64);
});
