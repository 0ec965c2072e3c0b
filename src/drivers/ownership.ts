import { StatusError } from "../runtime/errors.ts";
import type { OwnershipMark } from "./driver.ts";

/** Whether both marks name the same machine of the same cluster. Name and epoch do not count. */
export function sameOwner(mark: OwnershipMark, other: OwnershipMark | undefined): boolean {
  return other !== undefined && other.clusterId === mark.clusterId && other.uid === mark.uid;
}

/** The error for a domain that has our UUID but is not ours. */
export function foreignDomain(
  mark: OwnershipMark,
  found: { readonly domainName: string; readonly mark?: OwnershipMark },
): StatusError {
  const owner =
    found.mark === undefined
      ? "carries no mark of ours"
      : `belongs to ${found.mark.namespace}/${found.mark.name} of cluster ${found.mark.clusterId}`;
  return new StatusError(
    "OwnershipConflict",
    `domain "${found.domainName}" with UUID ${mark.uid} ${owner}: it is not ${mark.namespace}/${mark.name} ` +
      "and is left alone; remove or rename it by hand",
  );
}

/** The error for a domain of another UUID that has the name we want, or the other way round. */
export function nameTaken(
  wanted: { readonly domainName: string; readonly uid: string },
  found: { readonly domainName: string; readonly uid: string },
): StatusError {
  return new StatusError(
    "OwnershipConflict",
    `cannot define domain "${wanted.domainName}" with UUID ${wanted.uid}: the host has ` +
      `"${found.domainName}" with UUID ${found.uid}; rename or remove that one by hand`,
  );
}
