/**
 * Tells whether a Host header names this server. A page of another origin whose name was re-bound to our
 * address still sends its own name, and is refused.
 */
export function hostHeaderCheck(names: readonly string[]): (header: string | undefined) => boolean {
  const known = new Set(names.map((name) => name.toLowerCase()));
  // Most requests name the server as the one before did.
  let last: string | undefined;
  return (header) => {
    if (header === undefined) return false;
    if (header !== last && !known.has(hostOf(header))) return false;
    last = header;
    return true;
  };
}

/** The host without its port; an IPv6 address without its brackets. */
function hostOf(header: string): string {
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::[0-9]{1,5})?$/.exec(header);
  const plain = /^([a-zA-Z0-9._-]+)(?::[0-9]{1,5})?$/.exec(header);
  return (bracketed?.[1] ?? plain?.[1] ?? "").toLowerCase();
}
