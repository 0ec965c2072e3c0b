import { hasReason, messageOf, StatusError } from "../../runtime/errors.ts";
import { admit } from "../../schema/admission.ts";
import { findCondition } from "../../schema/conditions.ts";
import { objectNameFor } from "../../schema/object-name.ts";
import { seedAnnotations } from "../../schema/seed.ts";
import { type Volume, VolumeKind } from "../../schema/volume.ts";
import type { SeedContext, SeedRequest } from "./context.ts";
import { inTime } from "./deadline.ts";
import type { Parameters } from "./parameters.ts";
import { removeAll } from "./remove.ts";
import { until } from "./until.ts";
import { nameIn } from "./verify.ts";

const undoMs = 15_000;

/** Makes a volume and returns its number once its data is on a host. */
export function createVolume(context: SeedContext, { parameters, signal }: SeedRequest): Promise<number> {
  return inTime(context, signal, async (signal) => {
    const volume = await createObject(context, nameIn(parameters), sizeIn(parameters));
    try {
      const failure = await until(context.store, { kind: VolumeKind, object: volume, signal }, madeOrWhyNot);
      if (failure !== "made") throw new StatusError("Conflict", failure);
      return (await context.ids.give(VolumeKind, volume, { [seedAnnotations.pending]: undefined })).id;
    } catch (error) {
      const leftover = await removeAll(context, VolumeKind, [volume], undoMs).catch(messageOf);
      if (leftover === undefined) throw error;
      throw new StatusError(
        "InternalError",
        `${messageOf(error)}; and it could not be taken back yet: ${leftover}`,
      );
    }
  });
}

/** A size in GB as the quantity that volumes have: whole MiB. */
export function sizeIn(parameters: Parameters): string {
  const text = (parameters.get("size") ?? "").trim();
  const mebibytes = /^\d{1,7}(\.\d{1,9})?$/.test(text) ? Math.ceil(Number(text) * 1024) : 0;
  if (mebibytes < 1) throw new StatusError("BadRequest", `size is a number of GB, not ${text || "missing"}`);
  return `${mebibytes}Mi`;
}

/** Undefined while it is being made. */
function madeOrWhyNot(volume: Volume | undefined): string | undefined {
  if (volume === undefined || volume.metadata.deletionTimestamp !== undefined) return "it was deleted";
  const { phase, conditions, observedGeneration } = volume.status ?? {};
  if (observedGeneration !== volume.metadata.generation) return undefined;
  if (phase === "Available") return "made";
  const ready = findCondition(conditions, "Ready");
  return ready?.reason === "Unschedulable" ? ready.message : undefined;
}

async function createObject({ store, settings }: SeedContext, name: string, size: string): Promise<Volume> {
  const objectName = objectNameFor(name);
  const shown = objectName === name ? {} : { [seedAnnotations.name]: name };
  const annotations = { ...shown, [seedAnnotations.pending]: "true" };
  const manifest = {
    apiVersion: "ostler.dev/v1",
    kind: "Volume",
    metadata: { namespace: settings.namespace, name: objectName, annotations },
    spec: { size },
  };
  try {
    return await store.create(VolumeKind, admit(VolumeKind, manifest));
  } catch (error) {
    if (!hasReason(error, "AlreadyExists")) throw error;
    throw new StatusError("AlreadyExists", `there is a volume called "${name}"`, { cause: error });
  }
}
