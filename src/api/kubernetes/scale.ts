import { admit } from "../../schema/admission.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { type Scale, ScaleKind } from "../../schema/scale.ts";
import { assertName, readJson, toResource } from "./body.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { parseJson } from "./json.ts";
import { patcherOf } from "./patchers.ts";
import { presentObject } from "./present.ts";
import { readObject } from "./read.ts";
import { nothingHere, type RequestInfo } from "./request-info.ts";
import { overtakenBy, retryOnConflict } from "./retry.ts";
import { type TrackedWrite, trackerOf } from "./tracked-write.ts";

/** The part of an object that says how many there should be, as all Kubernetes tools know it. */
export const scaleSubresource = "scale";

export function isScale({ kind, subresource }: RequestInfo): boolean {
  return kind.scale !== undefined && subresource === scaleSubresource;
}

/** GET, PUT and PATCH of a scale. What it says of `spec.replicas` is all that is ever written. */
export async function handleScale(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const asScale = { ...request, info: { ...request.info, kind: ScaleKind } };
  const answer = (parent: Resource, warnings: readonly string[] = []): Answer => ({
    code: 200,
    text: presentObject(context, asScale, scaleOf(request.info.kind, parent)),
    warnings,
  });
  const { verb } = request.info;
  if (verb === "get") return answer(await readObject(context, request.info));
  const tracked = trackerOf(context, request);
  const change = verb === "patch" ? patchOf(request) : () => readJson(request);
  return retryOnConflict(async (isLast) => {
    const parent = await readObject(context, request.info);
    const current = scaleOf(request.info.kind, parent);
    const { resource, warnings } = toResource(asScale, change(current));
    const wanted = admit(ScaleKind, resource, request.info.namespace);
    assertName(wanted, parent.metadata.name);
    const next = tracked(scaled(request.info.kind, parent, wanted));
    const written = await write(context, request, next).catch((error: unknown) => {
      const isTheirs = wanted.metadata.resourceVersion !== undefined && verb === "update";
      throw overtakenBy(error, isTheirs || isLast);
    });
    return answer(written, warnings);
  });
}

function patchOf(request: ApiRequest): (current: Scale) => unknown {
  const apply = patcherOf(request);
  const patch = parseJson(request.body);
  return (current) => apply(current, patch);
}

function write(
  { store }: ApiContext,
  { info }: ApiRequest,
  { resource, options }: TrackedWrite,
): Promise<Resource> {
  return store.update(info.kind, resource, options);
}

/** Version and uid must be the object's, where the client gives them; else what was read must still hold. */
function scaled({ scale }: Kind, parent: Resource, { metadata, spec }: Scale): Resource {
  if (scale === undefined) throw nothingHere();
  const next = scale.withDesired(parent, spec.replicas);
  const { resourceVersion = parent.metadata.resourceVersion, uid = parent.metadata.uid } = metadata;
  const conditions = {
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(uid === undefined ? {} : { uid }),
  };
  return { ...next, metadata: { ...next.metadata, ...conditions } };
}

function scaleOf({ scale }: Kind, parent: Resource): Scale {
  if (scale === undefined) throw nothingHere();
  const { name, namespace, uid, resourceVersion, creationTimestamp } = parent.metadata;
  return {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: { replicas: scale.desired(parent) },
    status: { replicas: scale.current(parent), selector: scale.selector(parent) },
  };
}
