import t from "tap";
import { eventLayouts } from "./event-layouts.ts";
import { domain } from "./types.ts";
import { XdrReader, XdrWriter } from "./xdr.ts";

const machine = { name: "vm", uuid: "00112233-4455-6677-8899-aabbccddeeff", id: 1 };

function read(type: string, write: (writer: XdrWriter) => void): unknown {
  const writer = new XdrWriter();
  write(writer);
  return eventLayouts.find((layout) => layout.type === type)?.read(new XdrReader(writer.copy()));
}

t.test("each message number and each event id of a family is taken once", async (t) => {
  t.equal(new Set(eventLayouts.map(({ procedure }) => procedure)).size, eventLayouts.length);
  t.equal(
    new Set(eventLayouts.map(({ family, eventId }) => `${family} ${eventId}`)).size,
    eventLayouts.length,
  );
});

t.test("an event says its type, also where the wire has a type of its own", async (t) => {
  const blockJob = read("blockJob", (writer) => {
    domain.write(writer, machine);
    writer.string("vda");
    writer.int(3);
    writer.int(0);
  });
  t.strictSame(blockJob, { type: "blockJob", domain: machine, target: "vda", jobType: 3, status: 0 });
  const metadata = read("metadataChange", (writer) => {
    domain.write(writer, machine);
    writer.int(2);
    writer.uint(1);
    writer.string("http://test/");
  });
  t.strictSame(metadata, { type: "metadataChange", domain: machine, metadataType: 2, uri: "http://test/" });
});
