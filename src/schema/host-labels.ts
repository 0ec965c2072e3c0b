import type { Host } from "./host.ts";

/** The Host's own name, so that a selector can mean one host. */
export const hostnameLabel = "ostler.dev/hostname";
/** What libvirt calls the host's architecture: `x86_64`, `aarch64`. */
export const archLabel = "ostler.dev/arch";

/** The labels by which machines choose hosts: the Host's own, and the well-known ones that nobody can set. */
export function hostLabels({ metadata, status }: Host): Readonly<Record<string, string>> {
  const { [hostnameLabel]: _name, [archLabel]: _arch, ...own } = metadata.labels ?? {};
  const arch = status?.architecture === undefined ? {} : { [archLabel]: status.architecture };
  return { ...own, [hostnameLabel]: metadata.name, ...arch };
}
