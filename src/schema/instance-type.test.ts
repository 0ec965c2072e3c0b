import t from "tap";
import { throwsWith } from "../testing/throws-with.ts";
import { admit } from "./admission.ts";
import { InstanceTypeKind } from "./instance-type.ts";

const type = (spec: Record<string, unknown>) =>
  admit(InstanceTypeKind, {
    apiVersion: "ostler.dev/v1",
    kind: "InstanceType",
    metadata: { name: "small" },
    spec: { cpus: 1, memory: "1Gi", ...spec },
  });

t.test("a disk is optional, and large enough to be one", async (t) => {
  t.equal(type({}).spec.disk, undefined);
  t.equal(type({ disk: "1Mi" }).spec.disk, "1Mi");
  throwsWith(t, () => type({ disk: "1023Ki" }), "Invalid", "spec.disk: must be at least 1Mi, is 1023Ki");
});
