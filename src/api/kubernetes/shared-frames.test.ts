import t from "tap";
import type { Resource } from "../../schema/meta.ts";
import { SharedFrames, watchFrame } from "./shared-frames.ts";

function machine(name: string): Resource {
  return { apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata: { name } };
}

function countingStore() {
  let encodings = 0;
  return {
    encoded: (resource: Resource) => {
      encodings += 1;
      return JSON.stringify(resource);
    },
    encodings: () => encodings,
  };
}

t.test("an event is encoded once for all watches", async (t) => {
  const store = countingStore();
  const frames = new SharedFrames(store);
  const web = machine("web");
  const frame = frames.frameOf("ADDED", web);
  t.equal(frames.frameOf("ADDED", web), frame);
  t.equal(store.encodings(), 1);
  t.same(JSON.parse(frame.line.toString()), { type: "ADDED", object: web });
  t.ok(frame.line.toString().endsWith("}\n"));
});

t.test("the same object in another event is another frame", async (t) => {
  const frames = new SharedFrames(countingStore());
  const web = machine("web");
  frames.frameOf("ADDED", web);
  t.same(frames.frameOf("MODIFIED", web), watchFrame("MODIFIED", JSON.stringify(web)));
});

t.test("only recent frames are kept", async (t) => {
  const store = countingStore();
  const frames = new SharedFrames(store);
  const first = machine("first");
  frames.frameOf("ADDED", first);
  for (let index = 0; index < 256; index += 1) frames.frameOf("ADDED", machine(`m${index}`));
  frames.frameOf("ADDED", first);
  t.equal(store.encodings(), 258);
});
