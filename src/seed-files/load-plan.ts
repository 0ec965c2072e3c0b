import { type Host, HostKind } from "../schema/host.ts";
import { type Image, ImageKind } from "../schema/image.ts";
import { type InstanceType, InstanceTypeKind } from "../schema/instance-type.ts";
import type { Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import type { HostEntry } from "./host-file.ts";
import { hostsToLoad } from "./host-objects.ts";
import { imagesToLoad, type LocalImage } from "./image-objects.ts";
import type { LineNote } from "./problem.ts";
import { typesToLoad } from "./type-objects.ts";
import type { TypeEntry } from "./types-file.ts";
import { isFromFile, type Wanted } from "./wanted.ts";

/** What the files say; a file that is not given says nothing about its kind. */
export interface LoadInput {
  readonly hosts?: readonly HostEntry[] | undefined;
  readonly images?: readonly LocalImage[] | undefined;
  readonly types?: readonly TypeEntry[] | undefined;
}

/** All there is of the kinds that files can name. */
export interface LoadState {
  readonly hosts: readonly Host[];
  readonly images: readonly Image[];
  readonly types: readonly InstanceType[];
}

/** What becomes of one entry. */
export interface LoadStep {
  readonly action: "create" | "update" | "keep";
  readonly kind: Kind;
  readonly resource: Resource;
}

export interface KindPlan {
  readonly kind: Kind;
  /** In the order of the file. */
  readonly steps: readonly LoadStep[];
  readonly problems: readonly LineNote[];
  /** Objects that came from such a file which does not name them any more. */
  readonly leftovers: readonly Resource[];
}

export interface LoadPlan {
  readonly hosts: KindPlan;
  readonly images: KindPlan;
  readonly types: KindPlan;
}

/**
 * What to do to have what the files say. Nothing is ever deleted, and what is as it should be is left
 * alone.
 */
export function planLoad({ hosts, images, types }: LoadInput, state: LoadState): LoadPlan {
  return {
    hosts: planKind(HostKind, hosts && hostsToLoad(hosts, state.hosts), state.hosts),
    images: planKind(ImageKind, images && imagesToLoad(images, state.images), state.images),
    types: planKind(InstanceTypeKind, types && typesToLoad(types, state.types), state.types),
  };
}

function planKind(
  kind: Kind,
  wanted: readonly Wanted<Resource>[] | undefined,
  existing: readonly Resource[],
): KindPlan {
  if (wanted === undefined) return { kind, steps: [], problems: [], leftovers: [] };
  const steps: LoadStep[] = [];
  const problems: LineNote[] = [];
  const named = new Set<Resource>();
  for (const item of wanted) {
    if ("message" in item) {
      problems.push(item);
      continue;
    }
    const { before, after } = item;
    if (before !== undefined) named.add(before);
    const action = before === undefined ? "create" : before === after ? "keep" : "update";
    steps.push({ action, kind, resource: after });
  }
  const leftovers = existing.filter((object) => isFromFile(object) && !named.has(object));
  return { kind, steps, problems, leftovers };
}
