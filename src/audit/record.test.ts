import t from "tap";
import { chainRecord, genesis, readRecord } from "./record.ts";

t.test("a record is read as it was written, and not otherwise", async (t) => {
  const { line, link } = chainRecord(genesis, { user: "ann", verb: "delete", groups: ["a", "b"] });
  const text = line.trimEnd();
  t.same(readRecord(text), { seq: 1, prev: genesis.hash, hash: link.hash });
  t.match(JSON.parse(text), { seq: 1, user: "ann", groups: ["a", "b"], hash: link.hash });
  const changes = [
    text.replace("ann", "bob"),
    text.replace('"seq":1', '"seq":2'),
    text.slice(0, -1),
    ` ${text}`,
    "",
  ];
  for (const changed of changes) t.equal(readRecord(changed), undefined, changed);
});

t.test("nothing that a client chooses ends a line, moves a cursor or hides", async (t) => {
  const evil = 'a\n{"seq":2}\r\u001b[2J\u2028\u2029\u0085\u202e\u007fé🙂"\\';
  const { line } = chainRecord(genesis, { user: evil });
  t.match(line, /^[ -~]+\n$/);
  t.equal(JSON.parse(line).user, evil);
  t.ok(readRecord(line.trimEnd()));
});
