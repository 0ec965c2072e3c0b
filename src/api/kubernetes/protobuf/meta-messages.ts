import { message } from "./message.ts";

/** Of Kubernetes' `meta/v1`, with the numbers that its `generated.proto` files give them for good. */

const ownerReference = message({
  1: ["kind", "string"],
  3: ["name", "string"],
  4: ["uid", "string"],
  5: ["apiVersion", "string"],
  6: ["controller", "givenBool"],
  7: ["blockOwnerDeletion", "givenBool"],
});

const managedFieldsEntry = message({
  1: ["manager", "string"],
  2: ["operation", "string"],
  3: ["apiVersion", "string"],
  4: ["time", "time"],
  6: ["fieldsType", "string"],
  7: ["fieldsV1", { first: "json" }],
  8: ["subresource", "string"],
});

export const objectMeta = message({
  1: ["name", "string"],
  2: ["generateName", "string"],
  3: ["namespace", "string"],
  4: ["selfLink", "string"],
  5: ["uid", "string"],
  6: ["resourceVersion", "string"],
  7: ["generation", "int"],
  8: ["creationTimestamp", "time"],
  9: ["deletionTimestamp", "time"],
  10: ["deletionGracePeriodSeconds", "givenInt"],
  11: ["labels", { map: "string" }],
  12: ["annotations", { map: "string" }],
  13: ["ownerReferences", { list: ownerReference }],
  14: ["finalizers", { list: "string" }],
  17: ["managedFields", { list: managedFieldsEntry }],
});

export const labelSelector = message({
  1: ["matchLabels", { map: "string" }],
  2: [
    "matchExpressions",
    {
      list: message({ 1: ["key", "string"], 2: ["operator", "string"], 3: ["values", { list: "string" }] }),
    },
  ],
});

export const deleteOptions = message({
  1: ["gracePeriodSeconds", "givenInt"],
  2: ["preconditions", message({ 1: ["uid", "givenString"], 2: ["resourceVersion", "givenString"] })],
  3: ["orphanDependents", "givenBool"],
  4: ["propagationPolicy", "givenString"],
  5: ["dryRun", { list: "string" }],
  6: ["ignoreStoreReadErrorWithClusterBreakingPotential", "givenBool"],
});
