import t from "tap";
import { OutputTamer } from "./tame-output.ts";

const esc = "\u001b";
const cases: readonly (readonly [printed: string, shown: string])[] = [
  ["plain text\r\n", "plain text\r\n"],
  ["größer, 大, \u00a9", "größer, 大, \u00a9"],
  [`${esc}[31mred${esc}[0m ${esc}[6n${esc}(B${esc}7`, `${esc}[31mred${esc}[0m ${esc}[6n${esc}(B${esc}7`],
  [`a${esc}]0;evil title\u0007b`, "ab"],
  [`a${esc}]52;c;ZXZpbA==${esc}\\b`, "ab"],
  [`a${esc}P$q q${esc}\\b`, "ab"],
  [`a${esc}_G payload${esc}\\b${esc}^pm${esc}\\c${esc}Xsos${esc}\\d`, "abcd"],
  ["a\u009d0;evil\u009cb\u0090dcs\u009cc", "abc"],
  [`a${esc}]0;title${esc}[31m still${esc}\\b`, "ab"],
  [`a${esc}${esc}]0;x\u0007b`, `a${esc}b`],
  [`a\u00c2${esc}]0;x\u0007b`, "a\u00c2b"],
  [`a${esc}]never ends`, "a"],
];

for (const [printed, shown] of cases) {
  t.test(`${JSON.stringify(printed)} is shown as ${JSON.stringify(shown)}`, async (t) => {
    const bytes = Buffer.from(printed);
    t.equal(Buffer.from(new OutputTamer().tame(bytes)).toString(), shown, "at once");
    const tamer = new OutputTamer();
    const pieces = [...bytes].map((byte) => tamer.tame(Uint8Array.of(byte)));
    t.equal(Buffer.concat(pieces).toString(), shown, "byte by byte");
  });
}
