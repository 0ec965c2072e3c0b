import t from "tap";
import { decodeBase64, encodeBase64 } from "./base64.ts";

t.test("text survives the way to base64 and back", async (t) => {
  for (const text of ["", "a", "äöü €😀", "\u0000\n"]) {
    t.equal(encodeBase64(text), Buffer.from(text).toString("base64"));
    t.equal(decodeBase64(encodeBase64(text)), text);
  }
});

t.test("what is no text, or no base64, is none", async (t) => {
  t.equal(decodeBase64(Buffer.from([0xff, 0xfe]).toString("base64")), undefined);
  t.equal(decodeBase64("%"), undefined);
});
