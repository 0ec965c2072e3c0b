import {
  countNameOf,
  isMeasured,
  isQuotaKind,
  limitsOf,
  sizingFacts,
  sizingKinds,
  usageOf,
} from "./quota-usage.ts";
import { formatAmount } from "./resource-quota.ts";
import { kinds } from "./scheme.ts";

/** What the kinds mean to a ledger of quotas. */
export const quotaRules = {
  kinds: kinds.filter((kind) => kind.namespaced || sizingKinds.includes(kind)),
  countNameOf,
  isMeasured,
  isSizing: (kind: (typeof kinds)[number]) => sizingKinds.includes(kind),
  sizingFacts,
  measure: usageOf,
  isQuota: isQuotaKind,
  limitsOf,
  format: formatAmount,
};
