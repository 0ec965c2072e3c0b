import t from "tap";
import { string, uint } from "./codec.ts";
import { control, work } from "./procedure.ts";
import { XdrReader, XdrWriter } from "./xdr.ts";

t.test("a procedure is written and read by its layout, in its lane", async (t) => {
  const rename = work(1, "RENAME", { from: string, to: string }, { count: uint });
  t.match(rename, { number: 1, name: "RENAME", lane: "work" });
  t.equal(control(2, "LOOK", {}, {}).lane, "control");
  const writer = new XdrWriter();
  rename.args.write(writer, { to: "b", from: "a" });
  t.equal(writer.copy().toString("hex"), "00000001610000000000000162000000");
  t.strictSame(rename.result.read(new XdrReader(Buffer.from("00000003", "hex"))), { count: 3 });
});
