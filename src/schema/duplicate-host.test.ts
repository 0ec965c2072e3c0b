import t from "tap";
import { duplicateReason, isDuplicate } from "./duplicate-host.ts";

t.test("a Host is a duplicate when that is why it is not Ready", async (t) => {
  const saying = (type: string, reason: string) => {
    const told = { type, status: "False", reason, message: "", lastTransitionTime: "" } as const;
    return { status: { conditions: [told] } };
  };
  t.ok(isDuplicate(saying("Ready", duplicateReason)));
  t.notOk(isDuplicate(saying("Ready", "Timeout")));
  t.notOk(isDuplicate(saying("Unreachable", duplicateReason)));
  t.notOk(isDuplicate({}));
});
