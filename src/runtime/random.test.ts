import t from "tap";
import { systemRandom } from "./random.ts";

t.test("numbers are in [0, 1), uuids are version 4, bytes are as many as asked for", async (t) => {
  const numbers = Array.from({ length: 100 }, () => systemRandom.next());
  t.ok(numbers.every((number) => number >= 0 && number < 1));
  t.match(systemRandom.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  t.not(systemRandom.uuid(), systemRandom.uuid());
  t.equal(systemRandom.bytes(32).length, 32);
  t.notSame(systemRandom.bytes(32), systemRandom.bytes(32));
});
