import t from "tap";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";
import { warningHeader } from "./warnings.ts";

function read(header: string | undefined): string | undefined {
  return header && Buffer.from(header, "latin1").toString();
}

t.test("warnings are quoted, whatever stands in them", async (t) => {
  t.equal(warningHeader([]), undefined);
  t.equal(
    read(warningHeader(['unknown field "a"', "b\\c"])),
    String.raw`299 - "unknown field \"a\"", 299 - "b\\c"`,
  );
  t.equal(read(warningHeader(["ä 日 \u{1f40e}"])), '299 - "ä 日 \u{1f40e}"');
  t.equal(read(warningHeader(["a\r\nb\u0000\ud800"])), '299 - "a  b \ufffd"');
});

t.test("a header has a limit", async (t) => {
  t.equal(read(warningHeader(["x".repeat(1000)])), `299 - "${"x".repeat(255)}…"`);
  const many = warningHeader(Array.from({ length: 100 }, () => "x".repeat(200))) ?? "";
  t.ok(many.length <= 4096);
  t.match(many, /299 - "x+"$/);
});

t.test("a field with any name is warned of", async (t) => {
  await using api = await startApi();
  const body = { ...smallMachine, spec: { ...smallMachine.spec, "日\n": 1 } };
  const answer = await api.call("POST", `${machinesPath}?fieldValidation=Warn&dryRun=All`, { body });
  t.equal(answer.code, 201);
  t.match(read(String(answer.headers.warning)), "unknown field");
});
