import { PassThrough } from "node:stream";
import t from "tap";
import { processTerminal } from "./process-terminal.ts";

/** As a terminal's input: it remembers in which modes it was. */
function tty() {
  const modes: boolean[] = [];
  const setRawMode = (raw: boolean): void => void modes.push(raw);
  return { modes, input: Object.assign(new PassThrough(), { isTTY: true, setRawMode }) };
}

t.test("a person's keys come at once, and the terminal is given back however it ends", async (t) => {
  for (const how of ["left", "aborted", "hung up"]) {
    const { modes, input } = tty();
    const stop = new AbortController();
    const terminal = processTerminal(input, new PassThrough());
    input.write("a");
    let text = "";
    for await (const bytes of terminal.keys(stop.signal)) {
      text += Buffer.from(bytes).toString();
      if (how === "left") break;
      if (how === "aborted") stop.abort();
      else input.end();
    }
    t.equal(text, "a");
    t.same(modes, [true, false], how);
    t.ok(input.destroyed, "nothing keeps the process alive");
  }
});

t.test("a script's input is read to its end, and what is written arrives", async (t) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const terminal = processTerminal(input, output);
  t.notOk(terminal.typesByHand || terminal.readsByEye);
  input.end("one two");
  const keys: Uint8Array[] = [];
  for await (const bytes of terminal.keys(new AbortController().signal)) keys.push(bytes);
  t.equal(Buffer.concat(keys).toString(), "one two");
  await terminal.write(Buffer.from([0, 255]));
  t.same(output.read(), Buffer.from([0, 255]));
  output.destroy();
  await t.rejects(terminal.write(Buffer.from("x")));
});

t.test("a signal that has aborted before reads nothing", async (t) => {
  const { modes, input } = tty();
  for await (const _bytes of processTerminal(input, new PassThrough()).keys(AbortSignal.abort())) t.fail();
  t.same(modes, [true, false]);
});
