import t from "tap";
import { serviceAccountOf, serviceAccountUser } from "./groups.ts";

t.test("a service account is a user of a certain name", async (t) => {
  t.same(serviceAccountOf(serviceAccountUser("team", "robot")), { namespace: "team", name: "robot" });
  const others = [
    "ann",
    "system:serviceaccount:team",
    "system:serviceaccount:a:b:c",
    "system:serviceaccount::b",
  ];
  for (const name of others) t.equal(serviceAccountOf(name), undefined, name);
});
