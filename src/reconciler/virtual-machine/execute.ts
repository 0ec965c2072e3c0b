import type { HostConnection, VolumeContent } from "../../drivers/driver.ts";
import { assertNever } from "../../runtime/errors.ts";
import type { Action, ContentRef } from "./actions.ts";

/** Opens an image's content for upload; throws when it is no longer what the reference says. */
export type OpenContent = (content: ContentRef, signal: AbortSignal) => Promise<VolumeContent>;

export interface Outcome {
  readonly done: readonly Action[];
  /** The step that did not succeed; nothing after it was tried. */
  readonly failed?: { readonly action: Action; readonly error: unknown };
}

/** Carries out steps in order and stops at the first that does not succeed. Never throws. */
export async function execute(
  actions: readonly Action[],
  connection: HostConnection,
  openContent: OpenContent,
  signal: AbortSignal,
): Promise<Outcome> {
  const done: Action[] = [];
  for (const action of actions) {
    try {
      await perform(action, connection, openContent, signal);
    } catch (error) {
      return { done, failed: { action, error } };
    }
    done.push(action);
  }
  return { done };
}

async function perform(
  action: Action,
  connection: HostConnection,
  openContent: OpenContent,
  signal: AbortSignal,
): Promise<void> {
  switch (action.type) {
    case "EnsureContent":
      return connection.ensureContent(await openContent(action.content, signal), signal);
    case "EnsureVolume":
      return connection.ensureVolume(action.spec, signal);
    case "DefineDomain":
      return connection.defineDomain(action.definition, signal);
    case "StartDomain":
      return connection.startDomain(action.mark, signal);
    case "ResumeDomain":
      return connection.resumeDomain(action.mark, signal);
    case "ShutdownDomain":
      return connection.shutdownDomain(action.mark, signal);
    case "DestroyDomain":
      return connection.destroyDomain(action.mark, signal);
    case "UndefineDomain":
      return connection.undefineDomain(action.mark, signal);
    case "DeleteVolume":
      return connection.deleteVolume(action.volume, signal);
    default:
      return assertNever(action);
  }
}
