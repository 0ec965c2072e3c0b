import type { LeftBehind } from "../../schema/departure.ts";
import { type Image, imageVolumeName } from "../../schema/image.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";

const contentName = /^image-[0-9a-f]{40}\.(raw|qcow2)$/;
const diskName = /^vm-/;

/**
 * Image contents on a host that no machine placed there stands on or boots from, and that no Image names.
 * None while there is a disk whose machine is unknown: nobody can say what that one stands on.
 * `machines` are those placed on the host, `left` what others have left there.
 */
export function unusedContents(
  volumes: Iterable<string>,
  machines: readonly VirtualMachine[],
  images: readonly Image[],
  left: readonly LeftBehind[] = [],
): readonly string[] {
  const names = [...volumes];
  if (!names.some((name) => contentName.test(name))) return [];
  const kept = left.flatMap(({ volumes }) => volumes);
  const disks = new Set([...machines.flatMap(disksOf), ...kept.map(({ volume }) => volume)]);
  if (names.some((name) => diskName.test(name) && !disks.has(name))) return [];
  const used = new Set([
    ...machines.flatMap(contentsUsedBy),
    ...kept.map(({ backing }) => backing),
    ...images.flatMap(contentOf),
  ]);
  return names.filter((name) => contentName.test(name) && !used.has(name));
}

function disksOf({ status }: VirtualMachine): readonly string[] {
  return (status?.volumes ?? []).map(({ volume }) => volume);
}

function contentsUsedBy({ status }: VirtualMachine): readonly string[] {
  const backing = (status?.volumes ?? []).map((entry) => entry.backing).filter((name) => name !== undefined);
  return [...backing, ...(status?.bootContents ?? [])];
}

function contentOf({ status }: Image): readonly string[] {
  const { digest, format } = status ?? {};
  return digest === undefined || format === undefined ? [] : [imageVolumeName(digest, format)];
}
