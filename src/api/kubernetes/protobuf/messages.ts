import {
  clusterRole,
  role,
  roleBinding,
  selfSubjectAccessReview,
  selfSubjectReview,
  selfSubjectRulesReview,
  subjectAccessReview,
} from "./access-messages.ts";
import {
  configMap,
  event,
  lease,
  namespace,
  priorityClass,
  resourceQuota,
  scale,
  secret,
} from "./core-messages.ts";
import type { Message } from "./message.ts";
import { deleteOptions } from "./meta-messages.ts";

/** What kubectl and the typed clients of client-go send as protobuf, by apiVersion and kind. */
export const messages: ReadonlyMap<string, Message> = new Map([
  ["v1 Namespace", namespace],
  ["v1 ConfigMap", configMap],
  ["v1 Secret", secret],
  ["v1 Event", event],
  ["v1 ResourceQuota", resourceQuota],
  ["coordination.k8s.io/v1 Lease", lease],
  ["scheduling.k8s.io/v1 PriorityClass", priorityClass],
  ["autoscaling/v1 Scale", scale],
  ["authentication.k8s.io/v1 SelfSubjectReview", selfSubjectReview],
  ["authorization.k8s.io/v1 SelfSubjectAccessReview", selfSubjectAccessReview],
  ["authorization.k8s.io/v1 SelfSubjectRulesReview", selfSubjectRulesReview],
  ["authorization.k8s.io/v1 SubjectAccessReview", subjectAccessReview],
  ["authorization.k8s.io/v1 LocalSubjectAccessReview", subjectAccessReview],
  ["rbac.authorization.k8s.io/v1 Role", role],
  ["rbac.authorization.k8s.io/v1 ClusterRole", clusterRole],
  ["rbac.authorization.k8s.io/v1 RoleBinding", roleBinding],
  ["rbac.authorization.k8s.io/v1 ClusterRoleBinding", roleBinding],
]);

/** The message of a kind; undefined when it is not among those. DeleteOptions are in every group. */
export function messageFor(apiVersion: string, kind: string): Message | undefined {
  return kind === "DeleteOptions" ? deleteOptions : messages.get(`${apiVersion} ${kind}`);
}
