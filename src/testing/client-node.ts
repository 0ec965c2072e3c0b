import { readFile } from "node:fs/promises";
import { KubeConfig } from "@kubernetes/client-node";

/** The configuration of @kubernetes/client-node for the server of a kubeconfig. */
export async function kubeConfigOf(path: string): Promise<KubeConfig> {
  const config = new KubeConfig();
  config.loadFromString(await readFile(path, "utf8"));
  return config;
}
