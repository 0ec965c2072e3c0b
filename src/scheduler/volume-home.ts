import { type Volume, volumeBytes } from "../schema/volume.ts";

/**
 * The host that a machine with these volumes is placed on: the one that holds the most of their data, the
 * first by name among equals. What is on others is moved there before it is attached.
 */
export function volumeHome(volumes: Iterable<Volume>): string | undefined {
  const bytes = new Map<string, number>();
  for (const { spec, status } of volumes) {
    if (status?.hostName === undefined) continue;
    bytes.set(status.hostName, (bytes.get(status.hostName) ?? 0) + volumeBytes(spec));
  }
  const [home] = [...bytes].toSorted(([a, inA], [b, inB]) => inB - inA || (a < b ? -1 : 1));
  return home?.[0];
}
