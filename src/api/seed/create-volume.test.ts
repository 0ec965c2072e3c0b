import t from "tap";
import { VolumeKind } from "../../schema/volume.ts";
import { startSeed } from "../../testing/seed-fixture.ts";
import { throwsWith } from "../../testing/throws-with.ts";
import { sizeIn } from "./create-volume.ts";
import { readParameters } from "./parameters.ts";

const gib = 2 ** 30;
const host = { name: "h1", diskBytes: 20 * gib };

t.test("the answer comes when the data is on a host", async (t) => {
  await using seed = await startSeed({ hosts: [host] });
  t.same(await seed.ask("/volume/create?name=my%20data&size=2"), { volumeid: 1 });
  const { items } = await seed.cluster.store.list(VolumeKind);
  t.match(items, [{ spec: { size: "2048Mi" }, status: { phase: "Available", hostName: "h1" } }]);
  t.equal(items[0]?.metadata.annotations?.["ostler.dev/seed-pending"], undefined);
  t.same(
    seed.cluster.volumesOn(seed.cluster.hypervisor.host("h1")).filter((name) => /^volume-/.test(name)).length,
    1,
  );
  t.match(await seed.ask("/pm/query?pmid=1"), { free: { disk: 18 } });
});

t.test("what cannot be had fails at once, and leaves nothing", async (t) => {
  await using seed = await startSeed({ hosts: [host] });
  t.same(await seed.ask("/volume/create?name=a&size=1"), { volumeid: 1 });
  for (const query of [
    "name=a&size=1",
    "size=1",
    "name=b",
    "name=b&size=0",
    "name=b&size=-1",
    "name=b&size=x",
    "name=b&size=99",
  ]) {
    t.same(await seed.ask(`/volume/create?${query}`), { volumeid: 0 }, query);
  }
  t.equal((await seed.cluster.store.list(VolumeKind)).items.length, 1);
  t.same(await seed.ask("/volume/create?name=b&size=1"), { volumeid: 2 });
});

t.test("a size is a number of GB, rounded up to MB", async (t) => {
  const size = (text: string) => sizeIn(readParameters(`size=${text}`));
  for (const [text, quantity] of [
    ["1", "1024Mi"],
    ["0.5", "512Mi"],
    ["0.0001", "1Mi"],
    ["1.5", "1536Mi"],
    ["007", "7168Mi"],
  ] as const) {
    t.equal(size(text), quantity, text);
  }
  for (const text of ["", "0", "0.0", "-1", "1e3", "1Gi", "x", "99999999"]) {
    throwsWith(t, () => size(text), "BadRequest", "size is a number of GB");
  }
});
