import { StatusError } from "../../runtime/errors.ts";
import { isTrue } from "../../schema/conditions.ts";
import { HostKind } from "../../schema/host.ts";
import { type Image, ImageKind } from "../../schema/image.ts";
import { type InstanceType, InstanceTypeKind } from "../../schema/instance-type.ts";
import type { SeedContext } from "./context.ts";
import type { Numbered } from "./ids.ts";
import { idIn, type Parameters } from "./parameters.ts";
import { hasRoom, listTenants, sizeOfMachine } from "./room.ts";

/** A request for machines that makes sense. */
export interface CreateOrder {
  /** What the machines are to be called, as many as there are to be. */
  readonly names: readonly string[];
  readonly type: InstanceType;
  readonly image: Image;
}

const maxNameLength = 253;
const maxCount = 100;

/** Checks all that can be known before anything is made. Throws a StatusError that says what is wrong. */
export async function verifyCreate(context: SeedContext, parameters: Parameters): Promise<CreateOrder> {
  const names = namesIn(parameters);
  const type = await findType(context, parameters.get("instance_type"));
  const image = await findImage(context, parameters.get("image_id"));
  const size = sizeOfMachine(type, image.status?.virtualSizeBytes ?? 0);
  const { items: hosts } = await context.store.list(HostKind);
  const tenants = await listTenants(context.store);
  if (!hosts.some((host) => hasRoom(host, tenants, size))) {
    throw new StatusError("Conflict", "no host has room for such a machine");
  }
  return { names, type, image };
}

/** What somebody calls something. Any text is good but one that cannot be shown in one line. */
export function nameIn(parameters: Parameters): string {
  const name = (parameters.get("name") ?? "").trim();
  if (name === "") throw new StatusError("BadRequest", "name is missing");
  if (name.length > maxNameLength) {
    throw new StatusError("BadRequest", `a name has at most ${maxNameLength} characters`);
  }
  if (/\p{Cc}|\p{Cs}/u.test(name)) throw new StatusError("BadRequest", "a name has no control characters");
  return name;
}

function namesIn(parameters: Parameters): readonly string[] {
  const name = nameIn(parameters);
  const text = parameters.get("count");
  if (text === undefined) return [name];
  const count = idIn(text);
  if (count === undefined || count > maxCount) {
    throw new StatusError("BadRequest", `count is a whole number from 1 to ${maxCount}`);
  }
  return count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

async function findType({ ids }: SeedContext, text: string | undefined): Promise<InstanceType> {
  const id = idIn(text);
  const found = id === undefined ? undefined : await ids.find(InstanceTypeKind, id);
  if (found === undefined)
    throw new StatusError("NotFound", `there is no instance_type ${text ?? "(none given)"}`);
  return found.object;
}

/** The image that is asked for or, when none is, the first that machines can be made from. */
async function findImage(context: SeedContext, text: string | undefined): Promise<Image> {
  if (text === undefined || text.trim() === "") {
    const first = (await bootImages(context)).find(({ object }) =>
      isTrue(object.status?.conditions, "Ready"),
    );
    if (first === undefined) throw new StatusError("NotFound", "there is no image that is ready");
    return first.object;
  }
  const id = idIn(text);
  const found = id === undefined ? undefined : await context.ids.find(ImageKind, id);
  if (found === undefined || !isBootImage(found.object)) {
    throw new StatusError("NotFound", `there is no image_id ${text}`);
  }
  const { conditions } = found.object.status ?? {};
  if (isTrue(conditions, "Ready")) return found.object;
  const why = conditions?.find(({ type }) => type === "Ready")?.message ?? "it has not been looked at yet";
  throw new StatusError("Conflict", `image ${id} is not ready: ${why}`);
}

/** The images that a machine can be made from: no kernels and the like. */
export async function bootImages({ ids }: SeedContext): Promise<readonly Numbered<Image>[]> {
  return (await ids.list(ImageKind)).filter(({ object }) => isBootImage(object));
}

function isBootImage({ metadata, status }: Image): boolean {
  return metadata.deletionTimestamp === undefined && (status?.contents ?? "disk") === "disk";
}
