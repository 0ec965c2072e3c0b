import fc from "fast-check";
import t from "tap";
import { type Qcow2Fields, qcow2FileBytes, qcow2Head } from "../testing/qcow2-fixture.ts";
import { checkQcow2, maxVirtualSizeBytes } from "./qcow2.ts";

const gib = 2 ** 30;

t.test("a whole image is accepted with its virtual size", async (t) => {
  const cases: readonly [string, Qcow2Fields, number][] = [
    ["version 3", {}, gib],
    ["version 2", { version: 2 }, gib],
    ["the shortest version 3 header", { headerLength: 104, extensions: [] }, gib],
    ["zstd compression", { features: 8n, compression: 1 }, gib],
    ["extended L2 entries", { features: 16n, l1Entries: 4 }, gib],
    ["a size that is no multiple of a sector", { virtualSize: 1000n }, 1024],
    ["16 TiB exactly", { virtualSize: 2n ** 44n, l1Entries: 32768, l1Offset: 0x20000n }, maxVirtualSizeBytes],
    ["an unknown extension", { extensions: [{ type: 0x12345678, data: "harmless" }] }, gib],
    ["the feature name table", { extensions: [{ type: 0x6803f857, data: "\0\0dirty bit" }] }, gib],
  ];
  for (const [name, fields, virtualSizeBytes] of cases) {
    const verdict = checkQcow2(qcow2Head(fields), qcow2FileBytes + 65536 * 2);
    t.strictSame(verdict, { type: "accepted", virtualSizeBytes }, name);
  }
});

t.test("an image that is not whole in itself, or lies about itself, is refused", async (t) => {
  const cases: readonly [string, Qcow2Fields, RegExp][] = [
    ["version 1", { version: 1 }, /version is 1/],
    ["version 4", { version: 4 }, /version is 4/],
    ["a backing file", { backingOffset: 0x200n, backingLength: 11 }, /backing file/],
    ["a backing file in version 2", { version: 2, backingOffset: 0x200n, backingLength: 11 }, /backing file/],
    ["a backing name of length 0", { backingOffset: 0x200n }, /backing file/],
    ["a backing name without a place", { backingLength: 11 }, /backing file/],
    ["an external data file", { features: 4n }, /external file/],
    ["an unknown feature", { features: 32n }, /unknown here \(bits 0x20\)/],
    ["the highest feature bit", { features: 2n ** 63n }, /unknown here/],
    ["the dirty bit", { features: 1n }, /not closed cleanly/],
    ["the corrupt bit", { features: 2n }, /corrupt/],
    ["AES", { encryption: 1 }, /encrypted/],
    ["LUKS", { encryption: 2 }, /encrypted/],
    ["internal snapshots", { snapshots: 1 }, /1 internal snapshots/],
    ["a compression type without its feature", { compression: 1 }, /compression type 1/],
    ["a feature without its compression type", { features: 8n }, /compression type 0/],
    ["an unknown compression type", { features: 8n, compression: 2 }, /compression type 2/],
    ["clusters of 256 bytes", { clusterBits: 8 }, /2\^8/],
    ["clusters of 4 GiB", { clusterBits: 32 }, /2\^32/],
    ["small clusters with extended L2 entries", { clusterBits: 12, features: 16n }, /2\^12/],
    ["wide refcounts", { refcountOrder: 7 }, /2\^7 bits/],
    ["size 0", { virtualSize: 0n }, /virtual size is 0/],
    ["1 EiB", { virtualSize: 2n ** 60n }, /1152921504606846976 bytes; at most/],
    ["16 EiB less one", { virtualSize: 2n ** 64n - 1n }, /at most/],
    ["one byte over 16 TiB", { virtualSize: 2n ** 44n + 1n }, /at most/],
    ["an L1 table too small", { l1Entries: 1 }, /L1 table is too small/],
    ["an L1 table of 32 GiB", { l1Entries: 2 ** 32 - 1 }, /L1 table does not lie/],
    ["an L1 table past the end", { l1Offset: 0x40000n }, /L1 table does not lie/],
    ["an L1 table far outside", { l1Offset: 2n ** 63n }, /L1 table does not lie/],
    ["an L1 table in the header", { l1Offset: 0n }, /L1 table does not lie/],
    ["an L1 table off its cluster", { l1Offset: 0x30008n }, /L1 table does not lie/],
    ["no refcount table", { refcountClusters: 0 }, /refcount table/],
    ["a refcount table past the end", { refcountOffset: 0x7fff0000n }, /refcount table/],
    ["a huge refcount table", { refcountClusters: 2 ** 32 - 1 }, /refcount table/],
    ["a header longer than was read", { headerLength: 0xfffffff8 }, /claims a length/],
    ["a header shorter than version 3", { headerLength: 72 }, /claims a length of 72/],
    ["a header of odd length", { headerLength: 105 }, /claims a length of 105/],
    ["a header longer than its cluster", { clusterBits: 9, headerLength: 1024 }, /claims a length of 1024/],
    ["a backing format", { extensions: [{ type: 0xe2792aca, data: "raw" }] }, /backing file/],
    ["a data file name", { extensions: [{ type: 0x44415441, data: "/etc/shadow" }] }, /external data file/],
    ["an encryption header", { extensions: [{ type: 0x0537be77, data: "0123456789abcdef" }] }, /encrypted/],
    [
      "a data file name behind others",
      {
        extensions: [
          { type: 1, data: "first" },
          { type: 0x44415441, data: "/dev/sda" },
        ],
      },
      /external data file/,
    ],
    ["extensions that never end", { endMark: false }, /do not end/],
  ];
  for (const [name, fields, says] of cases) {
    const verdict = checkQcow2(qcow2Head(fields), qcow2FileBytes);
    t.match(verdict, { type: "refused", message: says }, name);
  }
});

t.test("a header cut short is refused", async (t) => {
  for (const length of [4, 71, 72, 103]) {
    t.match(checkQcow2(qcow2Head().subarray(0, length), length), { type: "refused" }, `${length} bytes`);
  }
});

t.test("no header, however hostile, breaks the check", async () => {
  const field = fc.record({ offset: fc.nat({ max: 128 }), bytes: fc.uint8Array({ maxLength: 16 }) });
  fc.assert(
    fc.property(
      fc.array(field, { maxLength: 8 }),
      fc.nat(),
      fc.nat({ max: 65536 }),
      (edits, size, length) => {
        const head = qcow2Head();
        for (const { offset, bytes } of edits) head.set(bytes, offset + 4);
        const verdict = checkQcow2(head.subarray(0, length), size);
        if (verdict.type === "refused") return verdict.message.length > 10;
        return verdict.virtualSizeBytes > 0 && verdict.virtualSizeBytes <= maxVirtualSizeBytes;
      },
    ),
    { numRuns: 5000, seed: 7 },
  );
});
