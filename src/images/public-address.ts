/**
 * Whether an address, spelt as a resolver spells it, belongs to the public internet. Everything else is not
 * public: private, shared, local, link-local, multicast, reserved, documentation, addresses that wrap
 * another (mapped, 6to4, NAT64, Teredo), a zone, and every odd spelling (octal, hexadecimal, short forms).
 */
export function isPublicAddress(address: string): boolean {
  if (address.includes(":")) {
    const bits = parseIpv6(address);
    return (
      bits !== undefined && isIn(bits, globalUnicast) && !reservedIpv6.some((range) => isIn(bits, range))
    );
  }
  const bits = parseIpv4(address);
  return bits !== undefined && !reservedIpv4.some((range) => isIn(bits, range));
}

interface Range {
  readonly base: bigint;
  /** How many low bits may differ. */
  readonly hostBits: bigint;
}

const reservedIpv4: readonly Range[] = [
  "0.0.0.0/8", // this network, unspecified
  "10.0.0.0/8",
  "100.64.0.0/10", // carrier-grade NAT; some clouds' metadata
  "127.0.0.0/8",
  "168.63.129.16/32", // Azure's wire server
  "169.254.0.0/16", // link-local; most clouds' metadata
  "172.16.0.0/12",
  "192.0.0.0/24", // protocol assignments
  "192.0.2.0/24", // documentation
  "192.31.196.0/24", // AS112
  "192.52.193.0/24", // AMT
  "192.88.99.0/24", // 6to4 relays
  "192.168.0.0/16",
  "192.175.48.0/24", // AS112
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, broadcast
].map((text) => range(text, 32, parseIpv4));

/** Outside of it lie ::, ::1, mapped, NAT64, ULA, link-local and multicast. */
const globalUnicast = range("2000::/3", 128, parseIpv6);

const reservedIpv6: readonly Range[] = [
  "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
  "2001:db8::/32", // documentation
  "2002::/16", // 6to4
  "2620:4f:8000::/48", // AS112
  "3fff::/20", // documentation
].map((text) => range(text, 128, parseIpv6));

function range(text: string, width: number, parse: (address: string) => bigint | undefined): Range {
  const [address = "", length = ""] = text.split("/");
  const base = parse(address);
  if (base === undefined) throw new Error(`not an address range: ${text}`);
  return { base, hostBits: BigInt(width - Number(length)) };
}

function isIn(bits: bigint, { base, hostBits }: Range): boolean {
  return bits >> hostBits === base >> hostBits;
}

/** Four decimal numbers without leading zeros; nothing else that a C library would take. */
function parseIpv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let bits = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bits = (bits << 8n) | BigInt(part);
  }
  return bits;
}

/** Eight groups, at most one `::`, no zone. A dotted tail is not read: what has one is never public. */
function parseIpv6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (left === undefined) return undefined;
  const missing = 8 - left.length - (right?.length ?? 0);
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  let bits = 0n;
  for (const group of [...left, ...Array.from({ length: missing }, () => "0"), ...(right ?? [])]) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
    bits = (bits << 16n) | BigInt(`0x${group}`);
  }
  return bits;
}
