import { type Applied, applyConfiguration } from "../api/kubernetes/apply/apply.ts";
import type { Configuration } from "../api/kubernetes/apply/configuration.ts";
import { formatPath } from "../api/kubernetes/apply/element.ts";
import { pathsOf } from "../api/kubernetes/apply/fields.ts";
import { decodeManagedFields, type ManagedEntry } from "../api/kubernetes/apply/managed-entries.ts";
import { trackUpdate, withEntries } from "../api/kubernetes/apply/track.ts";
import type { Resource } from "../schema/meta.ts";
import { isRecord } from "../schema/plain.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";

const apiVersion = "ostler.dev/v1";
const kind = VirtualMachineKind;
const time = "2026-01-01T00:00:00Z";

/** A machine of any content. */
export interface Machine extends Resource {
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** What one client does: applies a configuration, or writes an object. */
export interface ApplyStep {
  readonly by: string;
  readonly apply?: Configuration;
  readonly update?: Omit<Partial<Machine>, "metadata"> & { readonly metadata?: object };
  readonly subresource?: string;
  readonly force?: boolean;
  /** The conflicts that it meets, as `manager path`; nothing is done then. */
  readonly conflicts?: readonly string[];
}

/** What comes of several steps. */
export interface ApplyCase {
  readonly title: string;
  readonly steps: readonly ApplyStep[];
  readonly object: object;
  /** Fields by manager, without what only holds others. */
  readonly owners: Readonly<Record<string, readonly string[]>>;
}

/** What is there before anything is. */
export const bare: Machine = {
  apiVersion,
  kind: "VirtualMachine",
  metadata: { name: "web", namespace: "default" },
};

/** Does one step after the other; those with conflicts do nothing. */
export function play(steps: readonly ApplyStep[], onConflict?: OnConflict): Machine {
  return steps.reduce((live, step) => take(live, step, onConflict), bare);
}

type OnConflict = (step: ApplyStep, found: readonly string[]) => void;

function take(live: Machine, step: ApplyStep, onConflict?: OnConflict): Machine {
  const { by, apply, update, subresource, force = false } = step;
  if (update !== undefined) {
    const after: Machine = { ...live, ...update, metadata: { ...live.metadata, ...update.metadata } };
    const before = live === bare ? undefined : live;
    return trackUpdate(kind, { manager: by, subresource, time }, { before, after });
  }
  const result = applied(live, { by, config: apply ?? {}, subresource });
  const found = force ? [] : conflictsOf(result);
  onConflict?.(step, found);
  return found.length > 0 ? live : withEntries(toMachine(result.object), result.entries);
}

/** One apply, forced as to its outcome. */
export function applied(
  live: Machine,
  {
    by,
    config,
    subresource,
  }: { readonly by: string; readonly config: Configuration; readonly subresource?: string | undefined },
): Applied {
  const entries = entriesOf(live);
  const applier = { manager: by, operation: "Apply", apiVersion, subresource, time } as const;
  const first = live === bare;
  const result = applyConfiguration({ kind, live, config, entries, applier });
  return first ? { ...result, entries: result.entries.filter(({ manager }) => manager === by) } : result;
}

/** Who owns what. */
export function entriesOf(machine: Machine): readonly ManagedEntry[] {
  return decodeManagedFields(machine.metadata.managedFields, apiVersion) ?? [];
}

/** As `manager path`. */
export function conflictsOf({ conflicts }: Applied): readonly string[] {
  return conflicts.flatMap(({ owner, fields }) =>
    pathsOf(fields).map((path) => `${owner.manager} ${formatPath(path)}`),
  );
}

/** What an apply makes. */
export function toMachine(value: unknown): Machine {
  if (!isRecord(value) || !isRecord(value.metadata)) throw new Error("no object");
  return { ...value, apiVersion, kind: "VirtualMachine", metadata: { ...value.metadata, name: "web" } };
}

/** The paths that each manager owns, without those that only hold others. */
export function ownersOf(machine: Machine): Record<string, readonly string[]> {
  const named = entriesOf(machine).map(({ manager, operation, subresource, fields }) => {
    const paths = pathsOf(fields);
    const leaves = paths.filter(
      (path) =>
        !paths.some((other) => other.length > path.length && path.every((step, i) => step === other[i])),
    );
    const name = [
      manager,
      ...(operation === "Update" ? ["updates"] : []),
      ...(subresource ? [subresource] : []),
    ];
    return [name.join(" "), leaves.map(formatPath)] as const;
  });
  return Object.fromEntries(named);
}
