import type { ImageContents } from "../schema/image.ts";
import { checkQcow2, maxVirtualSizeBytes, qcow2Magic } from "./qcow2.ts";

/** What a file is, or why it is not taken: a sentence without its subject, for a person. */
export type FormatVerdict =
  | {
      readonly type: "accepted";
      readonly format: "raw" | "qcow2";
      readonly contents: ImageContents;
      readonly virtualSizeBytes: number;
    }
  | { readonly type: "refused"; readonly message: string };

/** How much of a file's beginning `detectFormat` wants to see; less only if the file is shorter. */
export const headBytes = 65536;

/** `text` is latin1: one character a byte. */
interface Signature {
  readonly what: string;
  readonly offset: number;
  readonly text: string;
}

const convert = "convert it with: qemu-img convert -O qcow2";

/** Formats that name other files, carry keys or code, or that a hypervisor would have to guess. */
const refused: readonly Signature[] = [
  { what: `a QED image; ${convert}`, offset: 0, text: "QED\0" },
  { what: `a VMDK image; ${convert}`, offset: 0, text: "KDMV" },
  { what: `a VMDK image; ${convert}`, offset: 0, text: "COWD" },
  { what: `a VMDK descriptor; ${convert}`, offset: 0, text: "# Disk DescriptorFile" },
  { what: `a VDI image; ${convert}`, offset: 0x40, text: "\x7f\x10\xda\xbe" },
  { what: `a VHD image; ${convert}`, offset: 0, text: "conectix" },
  { what: `a VHDX image; ${convert}`, offset: 0, text: "vhdxfile" },
  { what: `a Parallels image; ${convert}`, offset: 0, text: "WithoutFreeSpace" },
  { what: `a Parallels image; ${convert}`, offset: 0, text: "WithouFreSpacExt" },
  { what: `a Bochs image; ${convert}`, offset: 0, text: "Bochs Virtual HD Image" },
  { what: `a cloop image; ${convert}`, offset: 0, text: "#!/bin/sh\n#V2.0 Format\n" },
  { what: "LUKS-encrypted: a host has no key for it", offset: 0, text: "LUKS\xba\xbe" },
  { what: "a tar archive (an OVA?); unpack it and take the disk inside", offset: 257, text: "ustar" },
  { what: "a ZIP archive; unpack it and take the disk inside", offset: 0, text: "PK\x03\x04" },
  { what: "a 7z archive; unpack it and take the disk inside", offset: 0, text: "7z\xbc\xaf\x27\x1c" },
];

const known: Readonly<Record<Exclude<ImageContents, "disk">, readonly Signature[]>> = {
  kernel: [
    { what: "x86 bzImage", offset: 0x202, text: "HdrS" },
    { what: "arm64 Image", offset: 0x38, text: "ARM\x64" },
    { what: "RISC-V Image", offset: 0x38, text: "RSC\x05" },
    { what: "EFI zboot", offset: 4, text: "zimg" },
    { what: "ELF", offset: 0, text: "\x7fELF" },
  ],
  compressed: [
    { what: "gzip", offset: 0, text: "\x1f\x8b" },
    { what: "xz", offset: 0, text: "\xfd7zXZ\0" },
    { what: "zstd", offset: 0, text: "\x28\xb5\x2f\xfd" },
    { what: "bzip2", offset: 0, text: "BZh" },
    { what: "lz4", offset: 0, text: "\x04\x22\x4d\x18" },
    { what: "lz4 (legacy)", offset: 0, text: "\x02\x21\x4c\x18" },
    { what: "lzma", offset: 0, text: "\x5d\0\0" },
    { what: "lzop", offset: 0, text: "\x89LZO" },
  ],
  cpio: [
    { what: "newc", offset: 0, text: "070701" },
    { what: "crc", offset: 0, text: "070702" },
  ],
};

/**
 * Detects from a file's first bytes (`headBytes` of them) what it is; names, claims and extensions count for
 * nothing. What is not recognised is a raw disk as long as the file, rounded up to a sector.
 */
export function detectFormat(head: Uint8Array, fileSizeBytes: number): FormatVerdict {
  if (fileSizeBytes === 0) return { type: "refused", message: "an empty file" };
  if (startsWith(head, qcow2Magic)) {
    const verdict = checkQcow2(head, fileSizeBytes);
    return verdict.type === "refused" ? verdict : { ...verdict, format: "qcow2", contents: "disk" };
  }
  const signature = refused.find((candidate) => matches(head, candidate));
  if (signature !== undefined) return { type: "refused", message: signature.what };
  if (isVmdkDescriptor(head)) return { type: "refused", message: `a VMDK descriptor; ${convert}` };
  const virtualSizeBytes = Math.ceil(fileSizeBytes / 512) * 512;
  if (virtualSizeBytes > maxVirtualSizeBytes) {
    return {
      type: "refused",
      message: `${fileSizeBytes} bytes long; at most ${maxVirtualSizeBytes} (16 TiB)`,
    };
  }
  return { type: "accepted", format: "raw", contents: contentsOf(head), virtualSizeBytes };
}

function contentsOf(head: Uint8Array): ImageContents {
  for (const contents of ["kernel", "compressed", "cpio"] as const) {
    if (known[contents].some((signature) => matches(head, signature))) return contents;
  }
  return "disk";
}

/** A descriptor need not begin with its usual comment: any comments may come before its version line. */
function isVmdkDescriptor(head: Uint8Array): boolean {
  const lines = new TextDecoder("latin1").decode(head.subarray(0, 4096)).split("\n");
  const first = lines.map((line) => line.trim()).find((line) => line !== "" && !line.startsWith("#"));
  return first !== undefined && /^version\s*=/i.test(first);
}

function matches(head: Uint8Array, signature: Signature): boolean {
  return startsWith(head.subarray(signature.offset), signature.text);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < text.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
