import type { Kind } from "../../schema/kind.ts";
import { keyOf, type Resource } from "../../schema/meta.ts";
import { seedAnnotations } from "../../schema/seed.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { VolumeKind } from "../../schema/volume.ts";
import type { SeedContext } from "./context.ts";

/** Takes back what a server that ended before it could say so has made: nobody knows of it. */
export async function takeBackUntold(context: Pick<SeedContext, "store" | "logger">): Promise<void> {
  await takeBack(context, VirtualMachineKind);
  await takeBack(context, VolumeKind);
}

async function takeBack<T extends Resource>(
  { store, logger }: Pick<SeedContext, "store" | "logger">,
  kind: Kind<T>,
): Promise<void> {
  const { items } = await store.list(kind);
  for (const object of items) {
    if (object.metadata.annotations?.[seedAnnotations.pending] === undefined) continue;
    const { name } = object.metadata;
    logger.warn("something that nobody was told of is taken back", { kind: kind.singular, name });
    await store.delete(kind, keyOf(object));
  }
}
