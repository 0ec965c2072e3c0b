import { message } from "./message.ts";
import { labelSelector, objectMeta } from "./meta-messages.ts";

/** Of `authentication.k8s.io/v1`, `authorization.k8s.io/v1` and `rbac.authorization.k8s.io/v1`. */

/** Lists of texts by name, each in a message of its own. */
const extra = { map: { first: { list: "string" } } } as const;

const userInfo = message({
  1: ["username", "string"],
  2: ["uid", "string"],
  3: ["groups", { list: "string" }],
  4: ["extra", extra],
});

export const selfSubjectReview = message({
  1: ["metadata", objectMeta],
  2: ["status", message({ 1: ["userInfo", userInfo] })],
});

const selectorRequirement = message({
  1: ["key", "string"],
  2: ["operator", "string"],
  3: ["values", { list: "string" }],
});

const selectorAttributes = message({
  1: ["rawSelector", "string"],
  2: ["requirements", { list: selectorRequirement }],
});

const resourceAttributes = message({
  1: ["namespace", "string"],
  2: ["verb", "string"],
  3: ["group", "string"],
  4: ["version", "string"],
  5: ["resource", "string"],
  6: ["subresource", "string"],
  7: ["name", "string"],
  8: ["fieldSelector", selectorAttributes],
  9: ["labelSelector", selectorAttributes],
});

const nonResourceAttributes = message({ 1: ["path", "string"], 2: ["verb", "string"] });

const accessReviewStatus = message({
  1: ["allowed", "bool"],
  2: ["reason", "string"],
  3: ["evaluationError", "string"],
  4: ["denied", "bool"],
});

export const selfSubjectAccessReview = message({
  1: ["metadata", objectMeta],
  2: [
    "spec",
    message({
      1: ["resourceAttributes", resourceAttributes],
      2: ["nonResourceAttributes", nonResourceAttributes],
    }),
  ],
  3: ["status", accessReviewStatus],
});

/** In the local form too, which is about one namespace. */
export const subjectAccessReview = message({
  1: ["metadata", objectMeta],
  2: [
    "spec",
    message({
      1: ["resourceAttributes", resourceAttributes],
      2: ["nonResourceAttributes", nonResourceAttributes],
      3: ["user", "string"],
      4: ["groups", { list: "string" }],
      5: ["extra", extra],
      6: ["uid", "string"],
    }),
  ],
  3: ["status", accessReviewStatus],
});

const texts = { list: "string" } as const;

export const selfSubjectRulesReview = message({
  1: ["metadata", objectMeta],
  2: ["spec", message({ 1: ["namespace", "string"] })],
  3: [
    "status",
    message({
      1: [
        "resourceRules",
        {
          list: message({
            1: ["verbs", texts],
            2: ["apiGroups", texts],
            3: ["resources", texts],
            4: ["resourceNames", texts],
          }),
        },
      ],
      2: ["nonResourceRules", { list: message({ 1: ["verbs", texts], 2: ["nonResourceURLs", texts] }) }],
      3: ["incomplete", "bool"],
      4: ["evaluationError", "string"],
    }),
  ],
});

const policyRule = message({
  1: ["verbs", texts],
  2: ["apiGroups", texts],
  3: ["resources", texts],
  4: ["resourceNames", texts],
  5: ["nonResourceURLs", texts],
});

export const role = message({ 1: ["metadata", objectMeta], 2: ["rules", { list: policyRule }] });

export const clusterRole = message({
  1: ["metadata", objectMeta],
  2: ["rules", { list: policyRule }],
  3: ["aggregationRule", message({ 1: ["clusterRoleSelectors", { list: labelSelector }] })],
});

const subject = message({
  1: ["kind", "string"],
  2: ["apiGroup", "string"],
  3: ["name", "string"],
  4: ["namespace", "string"],
});

const roleRef = message({ 1: ["apiGroup", "string"], 2: ["kind", "string"], 3: ["name", "string"] });

/** Of a role in a namespace or in all. */
export const roleBinding = message({
  1: ["metadata", objectMeta],
  2: ["subjects", { list: subject }],
  3: ["roleRef", roleRef],
});
