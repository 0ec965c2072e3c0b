import { type Image, imageVolumeName } from "../../schema/image.ts";
import type { VirtualMachine } from "../../schema/virtual-machine.ts";

const contentName = /^image-[0-9a-f]{40}\.(raw|qcow2)$/;

/**
 * Image contents on a host that no machine placed there stands on or boots from, and that no Image names.
 * `machines` are those placed on the host.
 */
export function unusedContents(
  volumes: Iterable<string>,
  machines: readonly VirtualMachine[],
  images: readonly Image[],
): readonly string[] {
  const used = new Set([...machines.flatMap(contentsUsedBy), ...images.flatMap(contentOf)]);
  return [...volumes].filter((volume) => contentName.test(volume) && !used.has(volume));
}

function contentsUsedBy({ status }: VirtualMachine): readonly string[] {
  const backing = (status?.volumes ?? [])
    .map((volume) => volume.backing)
    .filter((name) => name !== undefined);
  return [...backing, ...(status?.bootContents ?? [])];
}

function contentOf({ status }: Image): readonly string[] {
  const { digest, format } = status ?? {};
  return digest === undefined || format === undefined ? [] : [imageVolumeName(digest, format)];
}
