import { formatTime } from "../../../runtime/clock.ts";
import { hasReason, StatusError } from "../../../runtime/errors.ts";
import { apiVersionOf } from "../../../schema/kind.ts";
import type { Resource } from "../../../schema/meta.ts";
import { assertName, toResource } from "../body.ts";
import type { Answer, ApiContext, ApiRequest } from "../context.ts";
import { applierOf } from "../field-manager.ts";
import { presentObject } from "../present.ts";
import { notFound } from "../request-info.ts";
import { Overtaken, overtakenBy, retryOnConflict } from "../retry.ts";
import { namingFinalizers, writeOptions } from "../write-options.ts";
import { applyConfiguration } from "./apply.ts";
import { readApplied } from "./apply-body.ts";
import { type Configuration, configurationOf } from "./configuration.ts";
import { applyConflict } from "./conflict.ts";
import { configuredFields } from "./field-sets.ts";
import { objectTypeOf } from "./field-type.ts";
import { withLastApplied, withoutOwnConflicts } from "./last-applied.ts";
import { decodeManagedFields, type ManagedEntry, type Manager, maxEntries } from "./managed-entries.ts";
import { withEntries, withEntriesIfChanged } from "./track.ts";

/** What is to be applied, and by whom. */
interface Wanted {
  /** As it was sent. */
  readonly body: unknown;
  readonly resource: Resource;
  readonly config: Configuration;
  readonly applier: Manager & { readonly time: string };
  readonly force: boolean;
  readonly warnings: readonly string[];
}

/** PATCH with a configuration: makes the object, or changes what the applier owns of it. */
export async function handleApply(context: ApiContext, request: ApiRequest): Promise<Answer> {
  const wanted = readWanted(context, request);
  return retryOnConflict(async (last) => {
    const { kind, namespace, name = "" } = request.info;
    const live = await context.store.get(kind, { namespace, name });
    if (live === undefined) return createApplied(context, request, wanted, last);
    return updateApplied(context, request, { wanted, live, last });
  });
}

function readWanted(context: ApiContext, request: ApiRequest): Wanted {
  const { kind, name = "", subresource } = request.info;
  const { manager, force } = applierOf(request);
  const body = readApplied(request);
  const { resource, warnings } = toResource(request, body);
  assertName(resource, name);
  const writes = (field: string): boolean => {
    return subresource === "status" ? field === "status" : field !== "status" || !kind.hasStatus;
  };
  const apiVersion = apiVersionOf(kind);
  const time = formatTime(context.clock.now());
  return {
    body,
    resource,
    config: configurationOf(objectTypeOf(kind), { ...resource }, writes),
    applier: { manager, operation: "Apply", apiVersion, subresource, time },
    force,
    warnings,
  };
}

async function createApplied(
  context: ApiContext,
  request: ApiRequest,
  { resource, config, applier, warnings }: Wanted,
  last: boolean,
): Promise<Answer> {
  const { kind, name = "", subresource } = request.info;
  const { uid, resourceVersion, namespace } = resource.metadata;
  if (subresource !== undefined) throw notFound(kind, name);
  demandCreate(context, request);
  if (uid || resourceVersion) {
    const wanted = uid ? `uid ${uid}` : `resourceVersion ${resourceVersion}`;
    throw new StatusError("Conflict", `${kind.plural} "${name}" with ${wanted} is no longer there`);
  }
  const fields = configuredFields(objectTypeOf(kind), config);
  const entries = fields === undefined ? [] : [{ ...applier, fields }];
  const { metadata: wanted = {} }: { readonly metadata?: object } = config;
  const metadata = { ...wanted, name, ...(namespace !== undefined && { namespace }) };
  const object = { ...config, apiVersion: resource.apiVersion, kind: resource.kind, metadata };
  const options = { ...writeOptions(request), finish: (after: Resource) => withEntries(after, entries) };
  const created = await context.store.create(kind, object, options).catch((error: unknown) => {
    throw last || !hasReason(error, "AlreadyExists") ? error : new Overtaken(error);
  });
  return { code: 201, text: presentObject(context, request, created), warnings };
}

/** An apply that makes an object is a creation too, whatever its verb. */
function demandCreate({ access }: ApiContext, { info, user }: ApiRequest): void {
  const { kind, namespace, name } = info;
  const { group, version, plural } = kind;
  const place = { group, version, resource: plural, subresource: undefined, namespace, name };
  access.demand(user, { type: "resource", verb: "create", ...place });
}

async function updateApplied(
  context: ApiContext,
  request: ApiRequest,
  { wanted, live, last }: { readonly wanted: Wanted; readonly live: Resource; readonly last: boolean },
): Promise<Answer> {
  const { kind, subresource } = request.info;
  const { store } = context;
  const { resource, entries } = applyTo(request, wanted, live);
  const finish = (after: Resource, before: Resource = live): Resource =>
    withEntriesIfChanged(after, before, entries);
  const options = { ...writeOptions(request), finish };
  const write =
    subresource === undefined
      ? store.update(kind, namingFinalizers(resource), options)
      : store.updateStatus(kind, resource, options);
  const conditional = wanted.resource.metadata.resourceVersion !== undefined;
  const written = await write.catch((error: unknown) => {
    throw overtakenBy(error, conditional || last);
  });
  return { code: 200, text: presentObject(context, request, written), warnings: wanted.warnings };
}

function applyTo(
  request: ApiRequest,
  { applier, force, body, config, resource: given }: Wanted,
  live: Resource,
): { readonly resource: Resource; readonly entries: readonly ManagedEntry[] } {
  const { kind } = request.info;
  const known = decodeManagedFields(live.metadata.managedFields, applier.apiVersion) ?? [];
  const { object, conflicts, entries } = applyConfiguration({ kind, live, config, entries: known, applier });
  const { manager } = applier;
  const left = force ? [] : withoutOwnConflicts(conflicts, { kind, live, manager });
  if (left.length > 0) throw applyConflict(left);
  if (entries.length > maxEntries) throw tooMany(entries.length);
  const { resource } = toResource(request, object);
  const { uid, resourceVersion } = given.metadata;
  const { managedFields: _, ...metadata } = withLastApplied(resource.metadata, body, manager);
  const wanted = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
  return { resource: { ...resource, metadata: { ...metadata, ...wanted } }, entries };
}

function tooMany(count: number): StatusError {
  return new StatusError(
    "Invalid",
    `metadata.managedFields: at most ${maxEntries} managers may own fields of an object, this makes ${count}`,
  );
}
