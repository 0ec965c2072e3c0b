import t from "tap";
import { linesOf } from "./lines-of.ts";

async function* chunks(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === "string" ? Buffer.from(text) : text;
}

t.test("lines are whole wherever the network cuts them, within a character too", async (t) => {
  const umlaut = Buffer.from("ä");
  const body = chunks("one\ntw", "o\n\n", umlaut.subarray(0, 1), umlaut.subarray(1), "\nunfinished");
  t.same(await Array.fromAsync(linesOf(body)), ["one", "two", "ä"]);
});

t.test("a line without an end is not gathered for ever", async (t) => {
  await t.rejects(Array.fromAsync(linesOf(chunks("12345", "67890"), 8)), /too long/);
});
