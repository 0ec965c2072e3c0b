import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { ManualClock } from "../testing/manual-clock.ts";
import { contradiction, keepWitness, readWitness } from "./witness.ts";

const directory = await mkdtemp(join(tmpdir(), "ostler-witness-"));
t.teardown(() => rm(directory, { recursive: true }));

t.test("it says how far the log had come, a few seconds behind", async (t) => {
  const clock = new ManualClock();
  const stop = new AbortController();
  let revision = 7;
  let mayWrite = true;
  const log = { incarnation: "a-1", revision: () => revision };
  // As often as a disk that others keep busy may need.
  const until = async (want: number, looks = 20_000) => {
    for (let look = 0; look < looks; look++) {
      if ((await readWitness(directory))?.revision === want) return true;
      await clock.yield();
    }
    return false;
  };
  t.equal(await readWitness(directory), undefined);
  const kept = keepWitness({ directory, log, clock, mayWrite: () => mayWrite }, stop.signal);
  t.ok(await until(7));
  revision = 9;
  await clock.advance(10_000);
  t.ok(await until(9));
  mayWrite = false;
  revision = 11;
  await clock.advance(20_000);
  t.notOk(await until(11, 200), "what is not believed is not witnessed");
  stop.abort();
  await kept;
  t.same(await readWitness(directory), { incarnation: "a-1", revision: 9 });
});

t.test("a store that is behind it, or another one, is not the one that it saw", async (t) => {
  const witness = { incarnation: "a", revision: 9 };
  t.equal(contradiction(undefined, witness), undefined);
  t.equal(contradiction(witness, witness), undefined);
  t.equal(contradiction(witness, { ...witness, revision: 10 }), undefined);
  t.match(contradiction(witness, { ...witness, revision: 8 }), /ends at revision 8, and had come to 9/);
  t.match(contradiction(witness, { incarnation: "b", revision: 99 }), /another store/);
});

t.test("a file that cannot be read says nothing", async (t) => {
  for (const text of ["", "half", "a -5\n", "a 5"]) {
    await writeFile(join(directory, "store.witness"), text);
    t.equal(await readWitness(directory), undefined, JSON.stringify(text));
  }
});
