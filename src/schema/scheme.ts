import { StatusError } from "../runtime/errors.ts";
import { AccessTokenKind } from "./access-token.ts";
import { ConfigMapKind } from "./config-map.ts";
import { EventKind } from "./event.ts";
import { HostKind } from "./host.ts";
import { ImageKind } from "./image.ts";
import { InstanceTypeKind } from "./instance-type.ts";
import { apiVersionOf, type Kind } from "./kind.ts";
import { LeaseKind } from "./lease.ts";
import { NamespaceKind } from "./namespace.ts";
import { PlacementPolicyKind } from "./placement-policy.ts";
import { PriorityClassKind } from "./priority-class.ts";
import { ClusterRoleBindingKind, ClusterRoleKind, RoleBindingKind, RoleKind } from "./rbac.ts";
import { ResourceQuotaKind } from "./resource-quota.ts";
import { SecretKind } from "./secret.ts";
import { SourceKind } from "./source.ts";
import { VirtualMachineKind } from "./virtual-machine.ts";
import { VirtualMachinePoolKind } from "./virtual-machine-pool.ts";
import { VolumeKind } from "./volume.ts";

/** Every kind that is stored. A new kind is one file and one line here. */
export const kinds: readonly Kind[] = [
  VirtualMachineKind,
  VirtualMachinePoolKind,
  HostKind,
  InstanceTypeKind,
  ImageKind,
  PlacementPolicyKind,
  PriorityClassKind,
  VolumeKind,
  SourceKind,
  NamespaceKind,
  ConfigMapKind,
  SecretKind,
  EventKind,
  LeaseKind,
  RoleKind,
  ClusterRoleKind,
  RoleBindingKind,
  ClusterRoleBindingKind,
  AccessTokenKind,
  ResourceQuotaKind,
];

const { group: ourGroup } = VirtualMachineKind;

/** The kind with this apiVersion and kind; throws `BadRequest` naming what may have been meant. */
export function kindFor(apiVersion: string, kind: string): Kind {
  const found = kinds.find((known) => known.kind === kind && apiVersionOf(known) === apiVersion);
  if (found !== undefined) return found;
  const sameName = kinds.filter((known) => known.kind === kind);
  const known = sameName.length > 0 ? sameName : kinds.filter((other) => other.group === ourGroup);
  const names = known.map((other) => `${apiVersionOf(other)} ${other.kind}`).join(", ");
  throw new StatusError("BadRequest", `no kind "${kind}" in version "${apiVersion}"; known: ${names}`);
}

/** The kind that a person means by a plural, singular or short name, in any case. */
export function kindNamed(name: string): Kind | undefined {
  const wanted = name.toLowerCase();
  return kinds.find(
    (kind) =>
      kind.plural === wanted ||
      kind.singular === wanted ||
      kind.shortNames.includes(wanted) ||
      `${kind.plural}.${kind.group}` === wanted,
  );
}
