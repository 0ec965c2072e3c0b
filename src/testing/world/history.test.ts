import t from "tap";
import { History } from "./history.ts";

const key = "/ostler.dev/virtualmachines/default/web";
const kind = "/ostler.dev/virtualmachines/";

function fixture() {
  const found: string[] = [];
  const history = new History((id, what) => found.push(`${id} ${what}`));
  const record = (revision: number) => ({ key, value: "", revision, createRevision: 1 });
  const write = (revision: number, previous?: number, exists = true): void =>
    history.durable({
      key,
      revision,
      current: exists ? record(revision) : undefined,
      previous: previous === undefined ? undefined : record(previous),
    });
  return { history, found, write };
}

t.test("a read may answer with any state from what was known on, and with no other", async (t) => {
  const { history, found, write } = fixture();
  write(1);
  const early = history.begin(key);
  write(2, 1);
  history.wrote(history.begin(key), 2, 1);
  history.read(early, 1);
  history.read(early, 2);
  t.same(found, []);
  history.read(history.begin(key), 1);
  t.same(found, [`D4 read of ${key}: 1, when 2 was known`]);
});

t.test("what a read has answered no later read may be behind", async (t) => {
  const { history, found, write } = fixture();
  write(1);
  write(2, 1);
  history.read(history.begin(key), 2);
  history.read(history.begin(key), 1);
  t.match(found, [/1, when 2 was known/]);
});

t.test("an object is absent before it was made and after it was deleted, not between", async (t) => {
  const { history, found, write } = fixture();
  history.read(history.begin(key), undefined);
  write(1);
  history.read(history.begin(key), undefined);
  history.read(history.begin(key), 1);
  t.same(found, []);
  history.read(history.begin(key), undefined);
  t.match(found, [/not there, and it was since 1/]);
  const call = history.begin(key);
  write(2, 1, false);
  history.read(call, undefined);
  history.read(history.begin(key), undefined);
  t.equal(found.length, 1);
  history.read(history.begin(key), 1);
  t.equal(found.length, 2);
});

t.test("a write over a state that its writer had not seen is found", async (t) => {
  const { history, found, write } = fixture();
  write(1);
  write(2, 1);
  write(3, 2);
  history.wrote(history.begin(key), 2, 1);
  t.same(found, []);
  history.wrote(history.begin(key), 3, 1);
  t.match(found, [/write 3 of .* over 2; its writer had seen 1/]);
});

t.test("a watch tells each event once and in order, and its marks are honest", async (t) => {
  const { history, found, write } = fixture();
  for (const revision of [1, 2, 3, 4]) write(revision, revision - 1);
  const watch = history.watch(kind, 1);
  watch.event(2);
  watch.event(3);
  watch.event(4);
  watch.bookmark(9);
  t.same(found, []);
  const sloppy = history.watch(kind, 1);
  sloppy.event(3);
  sloppy.event(3);
  sloppy.bookmark(5);
  sloppy.event(7);
  t.match(found, [
    /leaves out 2, after 1/,
    /tells of 3 after 3/,
    /marks 5 and has left out 4/,
    /7, which is none/,
  ]);
});

t.test("what was lost with the power, and told to nobody, leaves no trace", async (t) => {
  const { history, found, write } = fixture();
  write(1);
  write(2, 1);
  history.truncate(1);
  write(2, 1, false);
  history.read(history.begin(key), undefined);
  t.same(found, []);
});
