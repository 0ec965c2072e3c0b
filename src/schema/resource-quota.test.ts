import t from "tap";
import { throwsWith } from "../testing/throws-with.ts";
import { admit } from "./admission.ts";
import { countName, formatAmount, parseAmount, ResourceQuotaKind } from "./resource-quota.ts";

const quota = (hard: object) => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "q", namespace: "a" },
  spec: { hard },
});

t.test("a quota limits sums and counts, and nothing that nobody counts", async (t) => {
  const good = {
    "requests.cpu": 8,
    memory: "16Gi",
    "requests.storage": "1Ti",
    "count/virtualmachines.ostler.dev": "5",
  };
  const { spec } = admit(
    ResourceQuotaKind,
    quota({ ...good, secrets: 3, "count/configmaps": 0, cpu: "1500m" }),
  );
  t.equal(spec?.hard?.["requests.cpu"], "8", "amounts are strings");
  for (const hard of [
    { pods: 4 },
    { "limits.cpu": 4 },
    { "requests.cpu": "many" },
    { "requests.cpu": -1 },
    { "count/virtualmachines.ostler.dev": "1500m" },
    { "count/": 1 },
    { Memory: "1Gi" },
  ]) {
    throwsWith(t, () => admit(ResourceQuotaKind, quota(hard)), "Invalid");
  }
});

t.test("amounts are read and written", async (t) => {
  t.same(["2", "500m", "1Gi", 3, "x"].map(parseAmount), [2, 0.5, 2 ** 30, 3, undefined]);
  t.equal(formatAmount("requests.memory", 2 ** 31), "2Gi");
  t.equal(formatAmount("cpu", 3), "3");
  t.equal(formatAmount("count/secrets", 1024), "1024");
  t.equal(countName("secrets"), "count/secrets");
  t.equal(countName("requests.cpu"), undefined);
});
