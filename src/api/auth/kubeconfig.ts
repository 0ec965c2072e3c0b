import { chmod } from "node:fs/promises";
import { readIfThere, writePrivateFile } from "../../runtime/private-file.ts";

export interface KubeconfigOptions {
  /** Such as `https://127.0.0.1:6440`. */
  readonly server: string;
  /** PEM of the certificate authority that clients trust for this server. */
  readonly ca: string;
  readonly token: string;
}

/** A kubeconfig with one context, `ostler`, that carries all it needs. */
export function formatKubeconfig({ server, ca, token }: KubeconfigOptions): string {
  return `apiVersion: v1
kind: Config
current-context: ostler
clusters:
- name: ostler
  cluster:
    server: ${JSON.stringify(server)}
    certificate-authority-data: ${Buffer.from(ca).toString("base64")}
users:
- name: admin
  user:
    token: ${JSON.stringify(token)}
contexts:
- name: ostler
  context:
    cluster: ostler
    user: admin
    namespace: default
`;
}

/** Writes the kubeconfig for its owner alone; one that is as it should be stays, which is quicker. */
export async function writeKubeconfig(path: string, options: KubeconfigOptions): Promise<void> {
  const text = formatKubeconfig(options);
  if ((await readIfThere(path)) === text) await chmod(path, 0o600);
  else await writePrivateFile(path, text);
}

/** The token in a kubeconfig that we wrote; undefined for any other text. */
export function readToken(text: string): string | undefined {
  return /^ {4}token: "([A-Za-z0-9_-]{1,256})"$/m.exec(text)?.[1];
}
