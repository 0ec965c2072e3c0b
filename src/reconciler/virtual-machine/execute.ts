import type { HostConnection, VolumeContent } from "../../drivers/driver.ts";
import { assertNever } from "../../runtime/errors.ts";
import type { Action, ContentRef } from "./actions.ts";

/** Opens an image's content for upload; throws when it is no longer what the reference says. */
export type OpenContent = (content: ContentRef, signal: AbortSignal) => Promise<VolumeContent>;

/** What steps are carried out with. */
export interface Hands {
  readonly connection: HostConnection;
  readonly openContent: OpenContent;
  /** Asked before each step. */
  readonly mayAct: () => boolean;
}

export interface Outcome {
  readonly done: readonly Action[];
  /** The step that did not succeed; nothing after it was tried. */
  readonly failed?: { readonly action: Action; readonly error: unknown };
}

/** Carries out steps in order while it may, up to the first that does not succeed. Never throws. */
export async function execute(
  actions: readonly Action[],
  hands: Hands,
  signal: AbortSignal,
): Promise<Outcome> {
  const done: Action[] = [];
  for (const action of actions) {
    if (!hands.mayAct()) break;
    try {
      await perform(action, hands, signal);
    } catch (error) {
      return { done, failed: { action, error } };
    }
    done.push(action);
  }
  return { done };
}

async function perform(
  action: Action,
  { connection, openContent }: Hands,
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
    case "SuspendDomain":
      return connection.suspendDomain(action.mark, signal);
    case "ResumeDomain":
      return connection.resumeDomain(action.mark, signal);
    case "ShutdownDomain":
      return connection.shutdownDomain(action.mark, signal);
    case "DestroyDomain":
      return connection.destroyDomain(action.mark, signal);
    case "UndefineDomain":
      return connection.undefineDomain(action.mark, signal);
    case "AttachVolume":
      return connection.attachVolume(action.mark, action.volume, signal);
    case "DetachVolume":
      return connection.detachVolume(action.mark, action.volume, signal);
    case "GrowVolume":
      return connection.growVolume(action.mark, action.volume, action.capacityBytes, signal);
    case "DeleteVolume":
      return connection.deleteVolume(action.volume, signal);
    default:
      return assertNever(action);
  }
}
