/** The fields of a qcow2 header that tests twist; what is not given is as `qemu-img create` writes it. */
export interface Qcow2Fields {
  readonly version?: number;
  readonly backingOffset?: bigint;
  readonly backingLength?: number;
  readonly clusterBits?: number;
  readonly virtualSize?: bigint;
  readonly encryption?: number;
  readonly l1Entries?: number;
  readonly l1Offset?: bigint;
  readonly refcountOffset?: bigint;
  readonly refcountClusters?: number;
  readonly snapshots?: number;
  readonly features?: bigint;
  readonly refcountOrder?: number;
  readonly headerLength?: number;
  readonly compression?: number;
  readonly extensions?: readonly Qcow2Extension[];
  /** Whether the list of extensions ends with an end mark. */
  readonly endMark?: boolean;
}

export interface Qcow2Extension {
  readonly type: number;
  readonly data: string;
  /** What the header claims; the data's length unless given. */
  readonly length?: number;
}

/** How long the image is of which `qcow2Head` builds the beginning. */
export const qcow2FileBytes = 4 * 65536;

/** The first 64 KiB of a qcow2 image of 1 GiB with clusters of 64 KiB. */
export function qcow2Head(fields: Qcow2Fields = {}): Uint8Array {
  const head = new Uint8Array(65536);
  const view = new DataView(head.buffer);
  head.set([0x51, 0x46, 0x49, 0xfb]);
  view.setUint32(4, fields.version ?? 3);
  view.setBigUint64(8, fields.backingOffset ?? 0n);
  view.setUint32(16, fields.backingLength ?? 0);
  view.setUint32(20, fields.clusterBits ?? 16);
  view.setBigUint64(24, fields.virtualSize ?? 2n ** 30n);
  view.setUint32(32, fields.encryption ?? 0);
  view.setUint32(36, fields.l1Entries ?? 2);
  view.setBigUint64(40, fields.l1Offset ?? 0x30000n);
  view.setBigUint64(48, fields.refcountOffset ?? 0x10000n);
  view.setUint32(56, fields.refcountClusters ?? 1);
  view.setUint32(60, fields.snapshots ?? 0);
  let offset = 72;
  if (fields.version !== 2) {
    view.setBigUint64(72, fields.features ?? 0n);
    view.setUint32(96, fields.refcountOrder ?? 4);
    view.setUint32(100, fields.headerLength ?? 112);
    view.setUint8(104, fields.compression ?? 0);
    offset = 112;
  }
  for (const { type, data, length } of fields.extensions ?? []) {
    view.setUint32(offset, type);
    view.setUint32(offset + 4, length ?? data.length);
    head.set(new TextEncoder().encode(data), offset + 8);
    offset += 8 + Math.ceil(data.length / 8) * 8;
  }
  if (fields.endMark === false) {
    view.setUint32(offset, 0x1234);
    view.setUint32(offset + 4, 0xfffffff0);
  }
  return head;
}
