import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import t from "tap";
import { qcow2FileBytes, qcow2Head } from "../testing/qcow2-fixture.ts";
import { detectFormat, type FormatVerdict, headBytes } from "./format.ts";

/** A sector or two with this latin1 text at this offset. */
function bytesWith(text: string, offset = 0): Uint8Array {
  const bytes = Buffer.alloc(4096);
  bytes.write(text, offset, "latin1");
  return bytes;
}

function detect(bytes: Uint8Array): FormatVerdict {
  return detectFormat(bytes.subarray(0, headBytes), bytes.length);
}

t.test("what is not recognised is a raw disk, its size rounded up to a sector", async (t) => {
  const disk = { type: "accepted", format: "raw", contents: "disk" };
  t.strictSame(detect(new Uint8Array(1)), { ...disk, virtualSizeBytes: 512 });
  t.strictSame(detect(new Uint8Array(512)), { ...disk, virtualSizeBytes: 512 });
  t.strictSame(detect(bytesWith("\x55\xaa", 510)), { ...disk, virtualSizeBytes: 4096 });
  t.strictSame(detect(bytesWith("QFI")), { ...disk, virtualSizeBytes: 4096 });
  t.strictSame(detectFormat(bytesWith(""), 2 ** 44), { ...disk, virtualSizeBytes: 2 ** 44 });
});

t.test("a qcow2 is one by its content, whatever else it could be", async (t) => {
  t.strictSame(detectFormat(qcow2Head(), qcow2FileBytes), {
    type: "accepted",
    format: "qcow2",
    contents: "disk",
    virtualSizeBytes: 2 ** 30,
  });
  t.match(detectFormat(qcow2Head({ features: 4n }), qcow2FileBytes), { type: "refused" });
  t.match(detect(bytesWith("QFI\xfb")), { type: "refused", message: /version is 0/ });
});

t.test("other formats are refused by name", async (t) => {
  const cases: readonly [Uint8Array, RegExp][] = [
    [bytesWith("QED\0"), /QED/],
    [bytesWith("KDMV"), /VMDK image/],
    [bytesWith("COWD"), /VMDK image/],
    [bytesWith("# Disk DescriptorFile\nversion=1\n"), /VMDK descriptor/],
    [bytesWith('# any\n\n  # comment\r\n \nversion = 3\nRW 1 FLAT "/etc/shadow" 0\n'), /VMDK descriptor/],
    [bytesWith("version=1\nextents"), /VMDK descriptor/],
    [bytesWith("\x7f\x10\xda\xbe", 0x40), /VDI/],
    [bytesWith("conectix"), /VHD image/],
    [bytesWith("vhdxfile"), /VHDX/],
    [bytesWith("LUKS\xba\xbe"), /LUKS/],
    [bytesWith("WithoutFreeSpace"), /Parallels/],
    [bytesWith("WithouFreSpacExt"), /Parallels/],
    [bytesWith("Bochs Virtual HD Image"), /Bochs/],
    [bytesWith("ustar", 257), /OVA/],
    [bytesWith("PK\x03\x04"), /ZIP/],
    [bytesWith("7z\xbc\xaf\x27\x1c"), /7z/],
    [new Uint8Array(0), /empty/],
  ];
  for (const [bytes, says] of cases) {
    t.match(detect(bytes), { type: "refused", message: says }, String(says));
  }
  t.match(detectFormat(bytesWith(""), 2 ** 44 + 1), { type: "refused", message: /at most/ });
});

t.test("kernels and initrds are raw content of their own kind", async (t) => {
  const cases: readonly [Uint8Array, string][] = [
    [bytesWith("HdrS", 0x202), "kernel"],
    [bytesWith("ARM\x64", 0x38), "kernel"],
    [bytesWith("\x7fELF"), "kernel"],
    [gzipSync("initrd"), "compressed"],
    [zstdCompressSync("initrd"), "compressed"],
    [bytesWith("\xfd7zXZ\0"), "compressed"],
    [bytesWith("070701"), "cpio"],
  ];
  for (const [bytes, contents] of cases)
    t.match(detect(bytes), { type: "accepted", format: "raw", contents });
});

t.test("a fuzzer finds no bytes that break the detection", async () => {
  const beginning = fc.constantFrom(
    "",
    "QFI\xfb\0\0\0\x03",
    "QFI\xfb\0\0\0\x02",
    "KDMV",
    "#\n",
    "\n",
    "# Disk",
  );
  fc.assert(
    fc.property(beginning, fc.uint8Array({ maxLength: 600 }), fc.nat(), (text, tail, size) => {
      const verdict = detectFormat(Buffer.concat([Buffer.from(text, "latin1"), tail]), size);
      return verdict.type === "refused" ? verdict.message !== "" : verdict.virtualSizeBytes % 512 === 0;
    }),
    { numRuns: 5000, seed: 7 },
  );
});

t.test("a head full of line ends is judged at once", async (t) => {
  t.match(detect(Buffer.alloc(headBytes, "#\r\n")), { type: "accepted" });
  t.match(detect(Buffer.alloc(headBytes, "\n")), { type: "accepted" });
});

t.test("what qemu-img makes is what we say it is", { skip: withoutQemuImg() }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "ostler-format-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const image = (name: string): string => join(directory, name);
  const create = (name: string, ...options: string[]): FormatVerdict => {
    execFileSync("qemu-img", ["create", "-q", ...options.slice(0, -1), image(name), ...options.slice(-1)]);
    return detectFile(image(name));
  };
  const accepted = { type: "accepted", format: "qcow2", virtualSizeBytes: 10 * 2 ** 30 };
  t.match(create("plain", "-f", "qcow2", "10G"), accepted);
  t.match(create("old", "-f", "qcow2", "-o", "compat=0.10", "10G"), accepted);
  t.match(create("big-clusters", "-f", "qcow2", "-o", "cluster_size=2M", "10G"), accepted);
  t.match(create("small-clusters", "-f", "qcow2", "-o", "cluster_size=512", "10G"), accepted);
  t.match(create("extended", "-f", "qcow2", "-o", "extended_l2=on,cluster_size=128k", "10G"), accepted);
  t.match(create("zstd", "-f", "qcow2", "-o", "compression_type=zstd", "10G"), accepted);
  t.match(create("prepared", "-f", "qcow2", "-o", "preallocation=metadata", "10G"), accepted);
  t.match(create("lazy", "-f", "qcow2", "-o", "lazy_refcounts=on", "10G"), accepted);
  t.match(create("16t", "-f", "qcow2", "16T"), { type: "accepted" });

  const backing = ["-f", "qcow2", "-b", image("plain"), "-F", "qcow2", "10G"];
  t.match(create("overlay", ...backing), { type: "refused", message: /backing file/ });
  const data = ["-f", "qcow2", "-o", `data_file=${image("data")}`, "10G"];
  t.match(create("data-file", ...data), { type: "refused", message: /external file/ });
  const tooBig = ["-f", "qcow2", "-o", "cluster_size=2M", "1P"];
  t.match(create("1p", ...tooBig), { type: "refused", message: /16 TiB/ });
  execFileSync("qemu-img", ["snapshot", "-c", "first", image("old")]);
  t.match(detectFile(image("old")), { type: "refused", message: /1 internal snapshots/ });
  // Not LUKS: for that qemu-img measures CPU time, which fails on a busy machine.
  const secret = ["--object", "secret,id=s,data=x"];
  const encrypted = [...secret, "-f", "qcow2", "-o", "encrypt.format=aes,encrypt.key-secret=s"];
  t.match(create("encrypted", ...encrypted, "10M"), { type: "refused", message: /encrypted/ });

  for (const format of ["qed", "vmdk", "vdi", "vpc", "vhdx", "parallels"]) {
    t.match(create(format, "-f", format, "64M"), { type: "refused" }, format);
  }
  const flat = ["-f", "vmdk", "-o", "subformat=monolithicFlat", "64M"];
  t.match(create("flat.vmdk", ...flat), { type: "refused", message: /VMDK descriptor/ });
  t.match(create("raw", "-f", "raw", "10G"), { type: "accepted", format: "raw", contents: "disk" });
  t.match(create("vhd-fixed", "-f", "vpc", "-o", "subformat=fixed", "64M"), { format: "raw" });

  truncateSync(image("plain"), 65536);
  t.match(detectFile(image("plain")), { type: "refused", message: /L1 table/ });
  writeFileSync(image("empty"), "");
  t.match(detectFile(image("empty")), { type: "refused", message: /empty/ });
});

function withoutQemuImg(): string | false {
  try {
    execFileSync("qemu-img", ["--version"]);
    return false;
  } catch {
    return "qemu-img is not installed";
  }
}

function detectFile(path: string): FormatVerdict {
  const head = Buffer.alloc(headBytes);
  const descriptor = openSync(path, "r");
  const length = readSync(descriptor, head);
  closeSync(descriptor);
  return detectFormat(head.subarray(0, length), statSync(path).size);
}
