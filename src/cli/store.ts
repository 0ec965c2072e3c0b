import { acceptRestoreAnnotation, NamespaceKind, systemNamespace } from "../schema/namespace.ts";
import type { Session } from "./session.ts";

/** Agrees to go on from a store that was brought back from an older backup; `code` names its life. */
export async function acceptRestore({ client, stdout }: Session, code: string): Promise<void> {
  const metadata = { annotations: { [acceptRestoreAnnotation]: code } };
  await client.patch(NamespaceKind, { name: systemNamespace }, { metadata });
  stdout.write(`accepted ${code}: if that is the store's code, hosts are seen to again within seconds\n`);
}
