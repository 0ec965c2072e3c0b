import t from "tap";
import { quotaRules } from "./quota-rules.ts";
import { kinds } from "./scheme.ts";

t.test("every kind that lives in namespaces can be counted, under a name of its own", async (t) => {
  const namespaced = kinds.filter((kind) => kind.namespaced);
  for (const kind of namespaced) t.ok(quotaRules.kinds.includes(kind), kind.kind);
  t.equal(new Set(namespaced.map(quotaRules.countNameOf)).size, namespaced.length);
});
