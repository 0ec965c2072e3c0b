import t from "tap";
import { string, uint } from "./codec.ts";
import { control, work } from "./procedure.ts";
import { connectCalls } from "./procedures-connect.ts";
import { domainCalls } from "./procedures-domain.ts";
import { networkCalls } from "./procedures-network.ts";
import { poolCalls, volumeCalls } from "./procedures-storage.ts";
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

t.test("what reads is told from what changes something; in doubt it changes", async (t) => {
  const tables = [connectCalls, domainCalls, networkCalls, poolCalls, volumeCalls];
  const all = tables.flatMap((table) => Object.values(table).map(({ name, changes }) => ({ name, changes })));
  const reading = all.filter(({ changes }) => !changes).map(({ name }) => name);
  const changing = all.filter(({ changes }) => changes).map(({ name }) => name);
  for (const word of ["CREATE", "DEFINE", "DESTROY", "SHUTDOWN", "ATTACH", "UPLOAD", "DELETE", "RESIZE"]) {
    t.same(
      reading.filter((name) => name.includes(word)),
      [],
      `nothing with ${word} is taken for a look`,
    );
  }
  for (const name of [
    "CONNECT_LIST_ALL_DOMAINS",
    "DOMAIN_GET_STATE",
    "DOMAIN_GET_XML_DESC",
    "CONNECT_OPEN",
  ]) {
    t.notOk(changing.includes(name), name);
  }
  t.equal(control(3, "DOMAIN_SOMETHING_NEW", {}, {}).changes, true);
});
