import { deepEqual } from "../runtime/equal.ts";
import { hasReason, messageOf, StatusError } from "../runtime/errors.ts";
import { keepingLeft, type Manifest } from "../schema/manifest.ts";
import { keyOf, type Resource } from "../schema/meta.ts";
import { isRecord } from "../schema/plain.ts";
import { readManifests } from "./manifest-files.ts";
import type { Session } from "./session.ts";
import { labelOf } from "./target.ts";

export interface ApplyOptions {
  readonly filename: readonly string[];
  readonly dryRun?: boolean;
}

type Outcome = "created" | "configured" | "unchanged";

/**
 * Makes objects what the files say: labels and annotations are added to those there are, everything else is
 * replaced. Goes on after a failure; throws at the end if there was one.
 */
export async function apply(session: Session, options: ApplyOptions): Promise<void> {
  const { manifests, problems } = await readManifests(options.filename, session);
  const failures = [...problems];
  for (const problem of problems) session.stderr.write(`${problem}\n`);
  for (const manifest of inOrder(manifests)) {
    const failure = await applyOne(session, manifest, options);
    if (failure !== undefined) failures.push(failure);
  }
  if (failures.length > 0) {
    throw new StatusError(
      "Invalid",
      `${failures.length} of the objects could not be applied; the reasons are above`,
    );
  }
}

/** Namespaces before what lives in them; otherwise as written. */
function inOrder(manifests: readonly Manifest[]): readonly Manifest[] {
  const isNamespace = ({ kind }: Manifest): boolean => kind.plural === "namespaces";
  return [...manifests.filter(isNamespace), ...manifests.filter((manifest) => !isNamespace(manifest))];
}

/** Prints what came of one manifest; the failure, if it failed, has been printed too. */
async function applyOne(
  session: Session,
  manifest: Manifest,
  { dryRun = false }: ApplyOptions,
): Promise<string | undefined> {
  const { kind, resource, file, line } = manifest;
  const label = labelOf(kind, resource.metadata.name);
  try {
    const outcome = await settle(session, manifest, dryRun);
    session.stdout.write(`${label} ${outcome}${dryRun ? " (dry run)" : ""}\n`);
    return undefined;
  } catch (error) {
    const failure = `${file}:${line}: ${label}: ${messageOf(error)}`;
    session.stderr.write(`${failure}\n`);
    return failure;
  }
}

async function settle(session: Session, manifest: Manifest, dryRun: boolean): Promise<Outcome> {
  const { kind, resource } = manifest;
  const { client } = session;
  const { namespace } = resource.metadata;
  if (session.namespaceGiven && kind.namespaced && namespace !== session.namespace) {
    throw new StatusError("Invalid", `its namespace is ${namespace}, but -n says ${session.namespace}`);
  }
  const current = await client.get(kind, keyOf(resource)).catch((error: unknown) => {
    if (hasReason(error, "NotFound")) return undefined;
    throw error;
  });
  if (current === undefined) {
    await client.create(kind, resource, { dryRun });
    return "created";
  }
  const patch = patchBetween(current, keepingLeft(manifest, current, resource));
  if (Object.keys(patch).length === 0) return "unchanged";
  await client.patch(kind, keyOf(resource), patch, { dryRun });
  return "configured";
}

/** The merge patch that makes `current` what `wanted` says, leaving metadata that it does not mention. */
export function patchBetween(current: Resource, wanted: Resource): Record<string, unknown> {
  const { apiVersion: _a, kind: _k, metadata, ...fields } = withoutStatus(wanted);
  const { apiVersion: _b, kind: _l, metadata: _m, ...currentFields } = withoutStatus(current);
  const added = {
    labels: additions(current.metadata.labels, metadata.labels),
    annotations: additions(current.metadata.annotations, metadata.annotations),
  };
  const changed = Object.entries(added).filter(([, value]) => Object.keys(value).length > 0);
  return {
    ...replacement(currentFields, fields),
    ...(changed.length > 0 && { metadata: Object.fromEntries(changed) }),
  };
}

function withoutStatus(resource: Resource & { readonly status?: unknown }): Resource {
  const { status: _status, ...rest } = resource;
  return rest;
}

function additions(
  current: Readonly<Record<string, string>> = {},
  wanted: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => current[name] !== value));
}

/** The merge patch that turns one object into another, removing what the other lacks. */
function replacement(
  current: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const name of Object.keys(current)) {
    if (!Object.hasOwn(wanted, name)) patch[name] = null;
  }
  for (const [name, value] of Object.entries(wanted)) {
    const before = current[name];
    if (deepEqual(before, value)) continue;
    patch[name] = isRecord(before) && isRecord(value) ? replacement(before, value) : value;
  }
  return patch;
}
