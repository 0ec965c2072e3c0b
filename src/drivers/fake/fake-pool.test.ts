import t from "tap";
import { FakePool } from "./fake-pool.ts";

const { signal } = new AbortController();

t.test("an upload that breaks off leaves a volume that counts as missing, even as a backing", async (t) => {
  const pool = new FakePool();
  const open = async function* () {
    yield new Uint8Array(3);
  };
  const content = { volume: "a.raw", format: "raw", sizeBytes: 4, open } as const;
  await t.rejects(pool.upload(content, signal), /has 3 bytes, not 4/);
  t.equal(pool.has("a.raw"), false);
  t.strictSame(pool.list(), []);
  const backing = { volume: "a.raw", format: "raw" } as const;
  t.throws(() => pool.ensure({ volume: "b.qcow2", capacityBytes: 1, backing }), /"a.raw", the backing/);
  await pool.upload({ ...content, sizeBytes: 3 }, signal);
  pool.ensure({ volume: "b.qcow2", capacityBytes: 9, backing });
  t.strictSame(pool.list(), [
    { name: "a.raw", capacityBytes: 3 },
    { name: "b.qcow2", capacityBytes: 9 },
  ]);
});
