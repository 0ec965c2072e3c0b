import t from "tap";
import { type FieldStep, formatField, parseField } from "./field-path.ts";

const paths: readonly [readonly FieldStep[], string][] = [
  [[], ""],
  [["spec"], "spec"],
  [["spec", "disks", 0, "size"], "spec.disks[0].size"],
  [["metadata", "labels", "example.org/tier"], 'metadata.labels["example.org/tier"]'],
  [["items", 12, "a-b"], "items[12].a-b"],
  [["x", 'quo"te\\', ""], 'x["quo\\"te\\\\"][""]'],
];

t.test("a path reads as people write it, and back", async (t) => {
  for (const [path, text] of paths) {
    t.equal(formatField(path), text);
    t.strictSame(parseField(text), path);
  }
});
