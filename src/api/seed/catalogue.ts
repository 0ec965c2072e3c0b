import { InstanceTypeKind } from "../../schema/instance-type.ts";
import type { SeedContext } from "./context.ts";
import { type SeedSize, typeInUnits } from "./room.ts";
import { shownName } from "./shown-name.ts";
import { bootImages } from "./verify.ts";

/** The sizes there are. */
export async function listTypes({
  ids,
}: SeedContext): Promise<readonly (SeedSize & { readonly tid: number })[]> {
  const types = await ids.list(InstanceTypeKind);
  return types.map(({ id, object }) => ({ tid: id, ...typeInUnits(object) }));
}

/** The images that machines can be made from. */
export async function listImages(
  context: SeedContext,
): Promise<readonly { readonly id: number; readonly name: string }[]> {
  return (await bootImages(context)).map(({ id, object }) => ({ id, name: shownName(object) }));
}
