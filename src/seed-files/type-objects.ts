import { deepEqual } from "../runtime/equal.ts";
import { admit } from "../schema/admission.ts";
import { type InstanceType, InstanceTypeKind } from "../schema/instance-type.ts";
import { seedAnnotations } from "../schema/seed.ts";
import type { TypeEntry } from "./types-file.ts";
import { newMetadata, type Wanted } from "./wanted.ts";

/**
 * The InstanceTypes that entries ask for. An entry with a tid is the type with that number, whose size may
 * change; one without is known by its size, so that another size is another type and no machine changes
 * under its owner.
 */
export function typesToLoad(
  entries: readonly TypeEntry[],
  existing: readonly InstanceType[],
): readonly Wanted<InstanceType>[] {
  const byName = new Map(existing.map((type) => [type.metadata.name, type]));
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const wanted = newType(nameOf(entry, seen), entry);
    const before = byName.get(wanted.metadata.name);
    if (before === undefined || deepEqual(before.spec, wanted.spec)) {
      return { line: entry.line, before, after: before ?? wanted };
    }
    if (before.metadata.annotations?.[seedAnnotations.wantedId] !== undefined) {
      return { line: entry.line, before, after: { ...before, spec: wanted.spec } };
    }
    const name = wanted.metadata.name;
    return { line: entry.line, message: `there is another InstanceType "${name}"; delete or rename it` };
  });
}

/** `type-7`, or `cpu1-ram512-disk1`, and `cpu1-ram512-disk1-2` for the second of that size. */
function nameOf({ tid, cpus, megabytes, diskGigabytes }: TypeEntry, seen: Map<string, number>): string {
  if (tid !== undefined) return `type-${tid}`;
  const size = `cpu${cpus}-ram${megabytes}-disk${diskGigabytes}`;
  const count = (seen.get(size) ?? 0) + 1;
  seen.set(size, count);
  return count === 1 ? size : `${size}-${count}`;
}

function newType(name: string, { line, tid, cpus, megabytes, diskGigabytes }: TypeEntry): InstanceType {
  const wantedId = tid === undefined ? undefined : String(tid);
  const disk = diskGigabytes === 0 ? {} : { disk: gigabytes(diskGigabytes) };
  return admit(InstanceTypeKind, {
    apiVersion: "ostler.dev/v1",
    kind: "InstanceType",
    metadata: newMetadata(name, line, { [seedAnnotations.wantedId]: wantedId }),
    spec: { cpus, memory: `${megabytes}Mi`, ...disk },
  });
}

/** A size in whole MiB, which is a disk's smallest. */
function gigabytes(size: number): string {
  return Number.isInteger(size) ? `${size}Gi` : `${Math.max(1, Math.ceil(size * 1024))}Mi`;
}
