import t from "tap";
import { over, printed, readFromClient, readFromServer, typed } from "./channels.ts";

const bytes = (...list: number[]) => Uint8Array.from(list);

t.test("what one side writes the other reads", async (t) => {
  t.same(readFromClient(typed(bytes(104, 105))), { type: "typed", bytes: bytes(104, 105) });
  t.same(readFromServer(printed(bytes(0, 255))), { type: "printed", bytes: bytes(0, 255) });
  t.same(readFromServer(over('{"status":"Success"}')), { type: "over", status: '{"status":"Success"}' });
});

t.test("the bytes are Kubernetes' own", async (t) => {
  t.same([...typed(bytes(97))], [0, 97]);
  t.same([...printed(bytes(97))], [1, 97]);
  t.same([...over("{}")], [3, 123, 125]);
  t.same(readFromServer(bytes(2, 97)), { type: "printed", bytes: bytes(97) }, "what others print as errors");
  t.same(readFromClient(bytes(255, 0)), { type: "typedAll" });
});

t.test("what has no meaning here is ignored", async (t) => {
  const resize = [4, ...Buffer.from('{"Width":80,"Height":24}')];
  for (const message of [[], [1, 97], [2], [3, 123], resize, [255], [255, 1], [200, 0]]) {
    t.same(readFromClient(bytes(...message)), { type: "ignored" }, message.join(" "));
  }
  for (const message of [[], [0, 97], [4], [255, 1]]) {
    t.same(readFromServer(bytes(...message)), { type: "ignored" }, message.join(" "));
  }
});
