import t from "tap";
import * as der from "./der.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

t.test("values are encoded as X.690 says", async (t) => {
  t.equal(hex(der.derInteger(Uint8Array.of(0))), "020100");
  t.equal(hex(der.derInteger(Uint8Array.of(0, 0x7f))), "02017f", "no needless zero");
  t.equal(hex(der.derInteger(Uint8Array.of(0x80))), "02020080", "never negative");
  t.equal(hex(der.derBoolean(true)), "0101ff");
  t.equal(hex(der.derOid("1.2.840.10045.4.3.2")), "06082a8648ce3d040302");
  t.equal(hex(der.derOid("2.5.29.17")), "0603551d11");
  t.equal(hex(der.derUtf8String("é")), "0c02c3a9");
  t.equal(hex(der.derBitString(Uint8Array.of(6), 1)), "03020106");
  t.equal(
    hex(der.derSequence(der.derBoolean(false), der.derOctetString(Uint8Array.of(1)))),
    "3006010100040101",
  );
  t.equal(hex(der.derSet(der.derBoolean(true))), "31030101ff");
  t.equal(hex(der.derExplicit(3, der.derBoolean(true))), "a3030101ff");
  t.equal(hex(der.derImplicit(2, Buffer.from("a"))), "820161");
});

t.test("a long value has a long length", async (t) => {
  t.equal(hex(der.derOctetString(new Uint8Array(127))).slice(0, 4), "047f");
  t.equal(hex(der.derOctetString(new Uint8Array(200))).slice(0, 6), "0481c8");
  t.equal(hex(der.derOctetString(new Uint8Array(70_000))).slice(0, 10), "0483011170");
});

t.test("a time has two digits for its year until 2049, and four from 2050", async (t) => {
  t.equal(
    Buffer.from(der.derTime(Date.UTC(2026, 10, 20, 9, 30))).toString("latin1"),
    "\x17\x0d261120093000Z",
  );
  t.equal(Buffer.from(der.derTime(Date.UTC(2050, 0, 1))).toString("latin1"), "\x18\x0f20500101000000Z");
});
