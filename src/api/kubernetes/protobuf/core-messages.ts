import { message } from "./message.ts";
import { objectMeta } from "./meta-messages.ts";

/** Of Kubernetes' `core/v1`, `coordination.k8s.io/v1`, `scheduling.k8s.io/v1` and `autoscaling/v1`. */

const objectReference = message({
  1: ["kind", "string"],
  2: ["namespace", "string"],
  3: ["name", "string"],
  4: ["uid", "string"],
  5: ["apiVersion", "string"],
  6: ["resourceVersion", "string"],
  7: ["fieldPath", "string"],
});

const eventSource = message({ 1: ["component", "string"], 2: ["host", "string"] });
const eventSeries = message({ 1: ["count", "int"], 2: ["lastObservedTime", "microTime"] });

const namespaceCondition = message({
  1: ["type", "string"],
  2: ["status", "string"],
  4: ["lastTransitionTime", "time"],
  5: ["reason", "string"],
  6: ["message", "string"],
});

export const namespace = message({
  1: ["metadata", objectMeta],
  2: ["spec", message({ 1: ["finalizers", { list: "string" }] })],
  3: ["status", message({ 1: ["phase", "string"], 2: ["conditions", { list: namespaceCondition }] })],
});

export const configMap = message({
  1: ["metadata", objectMeta],
  2: ["data", { map: "string" }],
  3: ["binaryData", { map: "bytes" }],
  4: ["immutable", "givenBool"],
});

export const secret = message({
  1: ["metadata", objectMeta],
  2: ["data", { map: "bytes" }],
  3: ["type", "string"],
  4: ["stringData", { map: "string" }],
  5: ["immutable", "givenBool"],
});

export const event = message({
  1: ["metadata", objectMeta],
  2: ["involvedObject", objectReference],
  3: ["reason", "string"],
  4: ["message", "string"],
  5: ["source", eventSource],
  6: ["firstTimestamp", "time"],
  7: ["lastTimestamp", "time"],
  8: ["count", "int"],
  9: ["type", "string"],
  10: ["eventTime", "microTime"],
  11: ["series", eventSeries],
  12: ["action", "string"],
  13: ["related", objectReference],
  14: ["reportingComponent", "string"],
  15: ["reportingInstance", "string"],
});

export const lease = message({
  1: ["metadata", objectMeta],
  2: [
    "spec",
    message({
      1: ["holderIdentity", "givenString"],
      2: ["leaseDurationSeconds", "givenInt"],
      3: ["acquireTime", "microTime"],
      4: ["renewTime", "microTime"],
      5: ["leaseTransitions", "givenInt"],
      6: ["strategy", "givenString"],
      7: ["preferredHolder", "givenString"],
    }),
  ],
});

export const priorityClass = message({
  1: ["metadata", objectMeta],
  2: ["value", "givenInt"],
  3: ["globalDefault", "bool"],
  4: ["description", "string"],
  5: ["preemptionPolicy", "givenString"],
});

/** What `hard` and `used` of a quota hold: a Quantity is its text. */
const quantities = { map: { first: "string" } } as const;

export const resourceQuota = message({
  1: ["metadata", objectMeta],
  2: [
    "spec",
    message({
      1: ["hard", quantities],
      2: ["scopes", { list: "string" }],
      3: [
        "scopeSelector",
        message({
          1: [
            "matchExpressions",
            {
              list: message({
                1: ["scopeName", "string"],
                2: ["operator", "string"],
                3: ["values", { list: "string" }],
              }),
            },
          ],
        }),
      ],
    }),
  ],
  3: ["status", message({ 1: ["hard", quantities], 2: ["used", quantities] })],
});

export const scale = message({
  1: ["metadata", objectMeta],
  2: ["spec", message({ 1: ["replicas", "givenInt"] })],
  3: ["status", message({ 1: ["replicas", "givenInt"], 2: ["selector", "string"] })],
});
