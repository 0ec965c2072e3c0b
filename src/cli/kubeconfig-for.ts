import { toYaml } from "./output.ts";
import type { Session } from "./session.ts";

/** How a user is known, in a kubeconfig's words. */
export type Credentials =
  | { readonly token: string }
  | { readonly "client-certificate-data": string; readonly "client-key-data": string };

/** A kubeconfig by which a user reaches the server that this session speaks to. */
export function kubeconfigFor(
  { connection, namespace }: Pick<Session, "connection" | "namespace">,
  user: string,
  credentials: Credentials,
): string {
  const { server, ca } = connection;
  const authority = ca === undefined ? {} : { "certificate-authority-data": base64(ca) };
  return toYaml({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "ostler",
    clusters: [{ name: "ostler", cluster: { server, ...authority } }],
    users: [{ name: user, user: credentials }],
    contexts: [{ name: "ostler", context: { cluster: "ostler", user, namespace } }],
  });
}

/** A text as kubeconfigs carry it. */
export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
