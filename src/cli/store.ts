import { StatusError } from "../runtime/errors.ts";
import {
  acceptRestoreAnnotation,
  acceptRestoreCommand,
  NamespaceKind,
  systemNamespace,
} from "../schema/namespace.ts";
import type { Session } from "./session.ts";

const key = { name: systemNamespace };
const asked = new RegExp(`${acceptRestoreCommand} ([0-9a-f]+)`);

/**
 * Agrees to go on from a store that was brought back from an older backup, if that is what the server asks
 * for; `code` names the store's life.
 */
export async function acceptRestore({ client, stdout }: Session, code: string): Promise<void> {
  const expected = asked.exec(await client.readiness())?.[1];
  if (expected === undefined) {
    const { metadata } = await client.get(NamespaceKind, key);
    if (metadata.annotations?.[acceptRestoreAnnotation] !== code)
      throw new StatusError("Invalid", noQuestion);
    stdout.write(`${code} is accepted already\n`);
    return;
  }
  if (code !== expected) {
    const message = `the code of this store is ${expected}, not ${code}: nothing was accepted`;
    throw new StatusError("Invalid", message);
  }
  await client.patch(NamespaceKind, key, { metadata: { annotations: { [acceptRestoreAnnotation]: code } } });
  stdout.write(`accepted ${code}: hosts are seen to again within seconds\n`);
}

const noQuestion =
  "nothing was accepted: the server knows of nothing that is newer than its store; one that was just " +
  "started finds out when it has looked at its hosts";
