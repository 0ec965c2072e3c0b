import type { VolumeContent } from "../drivers/driver.ts";
import type { ContentRef } from "../reconciler/virtual-machine/actions.ts";
import type { ImageStatus } from "../schema/image.ts";

/** The name on hosts of the content whose digest consists of this hex digit. */
export function imageVolume(digit: string): string {
  return `image-${digit.repeat(40)}.qcow2`;
}

/** The status of an image whose content has a digest that consists of this hex digit. */
export function readyStatus(digit: string): ImageStatus {
  const ready = { type: "Ready", status: "True" as const, reason: "Ready", message: "" };
  return {
    digest: `sha256:${digit.repeat(64)}`,
    format: "qcow2",
    sizeBytes: 2 ** 20,
    virtualSizeBytes: 2 ** 30,
    conditions: [{ ...ready, lastTransitionTime: "2026-01-01T00:00:00Z" }],
  };
}

/** A few bytes that tell which content they are. */
export function contentOf({ volume, format }: ContentRef): VolumeContent {
  const bytes = new TextEncoder().encode(volume);
  return {
    volume,
    format,
    sizeBytes: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}
