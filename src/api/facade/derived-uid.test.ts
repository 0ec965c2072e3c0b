import t from "tap";
import { derivedUid } from "./derived-uid.ts";

t.test("it is a uid, always the same, and another for each kind and object", async (t) => {
  const [one, two] = ["01234567-89ab-4cde-8f01-23456789abcd", "01234567-89ab-4cde-8f01-23456789abce"];
  const uids = [derivedUid("Pod", one), derivedUid("Node", one), derivedUid("Pod", two)];
  for (const uid of uids) t.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  t.equal(new Set([...uids, one, two]).size, 5);
  t.equal(derivedUid("Pod", one), uids[0]);
});
