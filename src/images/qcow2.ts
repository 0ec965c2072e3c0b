/** What a qcow2 header says: its virtual size, or why the image is not taken. */
export type Qcow2Verdict =
  | { readonly type: "accepted"; readonly virtualSizeBytes: number }
  | { readonly type: "refused"; readonly message: string };

/** 16 TiB: a disk larger than this is taken for an attack or a mistake. */
export const maxVirtualSizeBytes = 2 ** 44;

/** The first four bytes of every qcow2 file, as latin1 text. */
export const qcow2Magic = "QFI\xfb";

const headerLengthV2 = 72;
const headerLengthV3 = 104;
const maxL1Bytes = 32 * 2 ** 20;
const maxRefcountTableBytes = 8 * 2 ** 20;

const incompatible = { dirty: 1n, corrupt: 2n, dataFile: 4n, compression: 8n, extendedL2: 16n } as const;
const knownIncompatible = 31n;

const extensionEnd = 0;
const refusedExtensions: ReadonlyMap<number, string> = new Map([
  [0xe2792aca, "names the format of a backing file; flatten it with: qemu-img convert"],
  [0x44415441, "names an external data file; make it whole with: qemu-img convert"],
  [0x0537be77, "is encrypted"],
]);

/**
 * Judges a qcow2 file by its first bytes. Accepted is only an image that is whole in itself: no other file is
 * named, no feature is unknown, every table lies inside the file, one state only (no internal snapshots).
 *
 * What it does not guarantee: the mapping tables themselves are not read. They can only point into the file.
 */
export function checkQcow2(head: Uint8Array, fileSizeBytes: number): Qcow2Verdict {
  const header = readHeader(head);
  if (typeof header === "string") return refuse(header);
  const file: CheckedFile = { header, head, sizeBytes: BigInt(fileSizeBytes) };
  for (const check of checks) {
    const fault = check(file);
    if (fault !== undefined) return refuse(fault);
  }
  return { type: "accepted", virtualSizeBytes: Math.ceil(Number(header.virtualSize) / 512) * 512 };
}

/** Offsets and sizes as they stand in the file, each an unsigned number of up to 64 bits. */
interface Header {
  readonly version: number;
  readonly backingOffset: bigint;
  readonly backingLength: number;
  readonly clusterBits: number;
  readonly virtualSize: bigint;
  readonly encryption: number;
  readonly l1Entries: number;
  readonly l1Offset: bigint;
  readonly refcountOffset: bigint;
  readonly refcountClusters: number;
  readonly snapshots: number;
  readonly features: bigint;
  readonly refcountOrder: number;
  readonly length: number;
  readonly compression: number;
}

interface CheckedFile {
  readonly header: Header;
  readonly head: Uint8Array;
  readonly sizeBytes: bigint;
}

/** In this order: each check may rely on those before it. */
const checks: readonly ((file: CheckedFile) => string | undefined)[] = [
  checkOtherFiles,
  checkFeatures,
  checkGeometry,
  checkVirtualSize,
  checkTables,
  checkExtensions,
];

function readHeader(head: Uint8Array): Header | string {
  if (head.length < headerLengthV2) return "its header is cut short";
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) return `its version is ${version}, not 2 or 3; use qemu-img convert`;
  const isV3 = version === 3;
  if (isV3 && head.length < headerLengthV3) return "its header is cut short";
  const length = isV3 ? view.getUint32(100) : headerLengthV2;
  if (length > head.length || length % 8 !== 0 || (isV3 && length < headerLengthV3)) {
    return `its header claims a length of ${length}`;
  }
  return {
    version,
    backingOffset: view.getBigUint64(8),
    backingLength: view.getUint32(16),
    clusterBits: view.getUint32(20),
    virtualSize: view.getBigUint64(24),
    encryption: view.getUint32(32),
    l1Entries: view.getUint32(36),
    l1Offset: view.getBigUint64(40),
    refcountOffset: view.getBigUint64(48),
    refcountClusters: view.getUint32(56),
    snapshots: view.getUint32(60),
    features: isV3 ? view.getBigUint64(72) : 0n,
    refcountOrder: isV3 ? view.getUint32(96) : 4,
    length,
    compression: length > headerLengthV3 ? view.getUint8(104) : 0,
  };
}

function checkOtherFiles({ header }: CheckedFile): string | undefined {
  if (header.backingOffset !== 0n || header.backingLength !== 0) {
    return "it has a backing file; flatten it with: qemu-img convert";
  }
  if ((header.features & incompatible.dataFile) !== 0n) {
    return "its data is in an external file; make it whole with: qemu-img convert";
  }
  return undefined;
}

function checkFeatures({ header }: CheckedFile): string | undefined {
  const { features } = header;
  const unknown = features & ~knownIncompatible;
  if (unknown !== 0n) return `it needs features that are unknown here (bits 0x${unknown.toString(16)})`;
  if ((features & incompatible.dirty) !== 0n)
    return "it was not closed cleanly; repair it: qemu-img check -r all";
  if ((features & incompatible.corrupt) !== 0n)
    return "it is marked corrupt; repair it: qemu-img check -r all";
  if (header.encryption !== 0) return "it is encrypted";
  if (header.snapshots !== 0) {
    return `it holds ${header.snapshots} internal snapshots; keep one state with: qemu-img convert`;
  }
  const compressed = (features & incompatible.compression) !== 0n;
  if (header.compression > 1 || compressed !== (header.compression !== 0)) {
    return `its compression type ${header.compression} is unknown or contradicts its features`;
  }
  return undefined;
}

function checkGeometry({ header }: CheckedFile): string | undefined {
  const least = (header.features & incompatible.extendedL2) === 0n ? 9 : 14;
  if (header.clusterBits < least || header.clusterBits > 21)
    return `its cluster size is 2^${header.clusterBits}`;
  if (header.refcountOrder > 6) return `its refcounts are 2^${header.refcountOrder} bits wide`;
  if (header.length > clusterBytes(header)) return `its header claims a length of ${header.length}`;
  return undefined;
}

function checkVirtualSize({ header }: CheckedFile): string | undefined {
  if (header.virtualSize === 0n) return "its virtual size is 0";
  return header.virtualSize > BigInt(maxVirtualSizeBytes)
    ? `its virtual size is ${header.virtualSize} bytes; at most ${maxVirtualSizeBytes} (16 TiB)`
    : undefined;
}

function checkTables(file: CheckedFile): string | undefined {
  const { header } = file;
  const cluster = clusterBytes(header);
  const l2EntryBytes = (header.features & incompatible.extendedL2) === 0n ? 8 : 16;
  const l1Needed = Math.ceil(Number(header.virtualSize) / (cluster * (cluster / l2EntryBytes)));
  if (header.l1Entries < l1Needed) return "its L1 table is too small for its virtual size";
  if (!isTable(file, header.l1Offset, header.l1Entries * 8, maxL1Bytes)) {
    return "its L1 table does not lie inside the file";
  }
  if (!isTable(file, header.refcountOffset, header.refcountClusters * cluster, maxRefcountTableBytes)) {
    return "its refcount table does not lie inside the file";
  }
  return undefined;
}

/** Cluster-aligned, behind the header, not empty, not huge, ending in the file's last cluster at most. */
function isTable(file: CheckedFile, offset: bigint, lengthBytes: number, maxBytes: number): boolean {
  const cluster = BigInt(clusterBytes(file.header));
  const lastClusterEnd = ((file.sizeBytes + cluster - 1n) / cluster) * cluster;
  return (
    lengthBytes > 0 &&
    lengthBytes <= maxBytes &&
    offset >= cluster &&
    offset % cluster === 0n &&
    offset < file.sizeBytes &&
    offset + BigInt(lengthBytes) <= lastClusterEnd
  );
}

/**
 * Walks the header extensions. An unknown one is harmless by the format's own rule (what must be understood
 * sets an incompatible feature bit), but the list must come to its end inside what was read.
 */
function checkExtensions({ header, head }: CheckedFile): string | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const end = Math.min(head.length, clusterBytes(header));
  for (let offset = header.length; offset + 8 <= end; ) {
    const type = view.getUint32(offset);
    if (type === extensionEnd) return undefined;
    const refusal = refusedExtensions.get(type);
    if (refusal !== undefined) return `a header extension ${refusal}`;
    offset += 8 + Math.ceil(view.getUint32(offset + 4) / 8) * 8;
  }
  return "its header extensions do not end inside the header";
}

function clusterBytes(header: Header): number {
  return 2 ** header.clusterBits;
}

function refuse(fault: string): Qcow2Verdict {
  return { type: "refused", message: `a qcow2 image that is not taken: ${fault}` };
}
