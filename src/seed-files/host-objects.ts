import { admit } from "../schema/admission.ts";
import { type Host, HostKind } from "../schema/host.ts";
import { type HostEntry, hostKey } from "./host-file.ts";
import { FreeNames, isFromFile, newMetadata, type Wanted } from "./wanted.ts";

/**
 * The Hosts that entries ask for. A Host with the same address is the same host, whatever it is called; one
 * that somebody else made is left as it is. The flat API counts real CPUs, so these hosts are not
 * overcommitted.
 */
export function hostsToLoad(
  entries: readonly HostEntry[],
  existing: readonly Host[],
): readonly Wanted<Host>[] {
  const byKey = new Map(existing.map((host) => [hostKey(host.spec.uri), host]));
  const names = new FreeNames(existing);
  return entries.map(({ line, key, name, uri }) => {
    const before = byKey.get(key);
    if (before !== undefined) return { line, before, after: withUri(before, uri) };
    return { line, before, after: newHost(names.take(name), line, uri) };
  });
}

function withUri(host: Host, uri: string): Host {
  if (!isFromFile(host) || host.spec.uri === uri) return host;
  return { ...host, spec: { ...host.spec, uri } };
}

function newHost(name: string, line: number, uri: string): Host {
  return admit(HostKind, {
    apiVersion: "ostler.dev/v1",
    kind: "Host",
    metadata: newMetadata(name, line),
    spec: { uri, overcommit: { cpu: 1 } },
  });
}
