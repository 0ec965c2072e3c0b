import t from "tap";
import { hasReason } from "../runtime/errors.ts";
import { admit } from "./admission.ts";
import { type Volume, VolumeKind, volumeBytes, volumeFileName } from "./volume.ts";

const head = { apiVersion: "ostler.dev/v1", kind: "Volume", metadata: { name: "data" } };

function volume(spec: unknown): Volume {
  return admit(VolumeKind, { ...head, spec });
}

/** The field that is wrong with a volume of this spec. */
function wrongField(spec: unknown): string | undefined {
  try {
    volume(spec);
  } catch (error) {
    if (hasReason(error, "Invalid")) return error.causes[0]?.field;
    throw error;
  }
  return undefined;
}

t.test("a volume has a size, and a format that is qcow2 unless told", async (t) => {
  t.strictSame(volume({ size: "1Gi" }).spec, { size: "1Gi", format: "qcow2" });
  t.equal(volume({ size: "1Gi", format: "raw" }).spec.format, "raw");
  for (const [spec, field] of [
    [{}, "spec.size"],
    [{ size: "0" }, "spec.size"],
    [{ size: "lots" }, "spec.size"],
    [{ size: "1Gi", format: "vmdk" }, "spec.format"],
    [{ size: "1Gi", path: "/etc/shadow" }, "spec.path"],
  ] as const) {
    t.equal(wrongField(spec), field);
  }
});

t.test("a volume holds whole MiB", async (t) => {
  t.equal(volumeBytes(volume({ size: "1" }).spec), 2 ** 20);
  t.equal(volumeBytes(volume({ size: "1Mi" }).spec), 2 ** 20);
  t.equal(volumeBytes(volume({ size: "1500k" }).spec), 2 * 2 ** 20);
  t.equal(volumeBytes(volume({ size: "2Gi" }).spec), 2 ** 31);
});

t.test("a volume grows and never shrinks, and keeps its format", async (t) => {
  const fields = (before: unknown, after: unknown) =>
    VolumeKind.checkUpdate?.(volume(before), volume(after)).map(({ field }) => field);
  t.strictSame(fields({ size: "1Gi" }, { size: "2Gi" }), []);
  t.strictSame(fields({ size: "1Gi" }, { size: "1024Mi" }), []);
  t.strictSame(fields({ size: "1Gi" }, { size: "1Mi" }), ["spec.size"]);
  t.strictSame(fields({ size: "1Gi" }, { size: "1Gi", format: "raw" }), ["spec.format"]);
});

t.test("its name on hosts carries the whole uid and can be no machine's disk", async (t) => {
  const uid = "01234567-89ab-4cde-8f01-23456789abcd";
  t.equal(volumeFileName(uid, "qcow2"), `volume-${uid}.qcow2`);
  t.notMatch(volumeFileName(uid, "raw"), /^(vm|image)-/);
});
