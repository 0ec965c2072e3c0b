import * as fc from "fast-check";
import t from "tap";
import { Placements, subtract } from "./placements.ts";

const nothing = { cpus: 0, memoryBytes: 0, diskBytes: 0 };
const some = (cpus: number) => ({ cpus, memoryBytes: cpus * 10, diskBytes: cpus * 100 });

t.test("a promise counts on its host until it is replaced or removed", async (t) => {
  const placements = new Placements();
  placements.set("a", "h1", some(1));
  placements.set("b", "h1", some(2));
  t.same(placements.allocatedOn("h1"), some(3));
  placements.set("a", "h1", some(4));
  t.same(placements.allocatedOn("h1"), some(6));
  placements.set("a", "h2", some(4));
  t.same(placements.allocatedOn("h1"), some(2));
  t.same(placements.allocatedOn("h2"), some(4));
  t.same(placements.promisedTo("a", "h2"), some(4));
  t.same(placements.promisedTo("a", "h1"), nothing);
  placements.remove("a");
  placements.remove("a");
  t.notOk(placements.has("a"));
  t.same(placements.allocatedOn("h2"), nothing);
  t.same(placements.allocatedOn("h3"), nothing);
});

t.test("what is left of an amount", async (t) => t.same(subtract(some(5), some(2)), some(3)));

const uids = fc.constantFrom("a", "b", "c");
const hosts = fc.constantFrom("h1", "h2");
const deeds = fc.array(fc.tuple(uids, fc.option(fc.tuple(hosts, fc.nat(100)))));

t.test("the sums are always those of the promises", async () => {
  await fc.assert(
    fc.property(deeds, (done) => {
      const placements = new Placements();
      const truth = new Map<string, { host: string; cpus: number }>();
      for (const [uid, promise] of done) {
        if (promise === null) {
          placements.remove(uid);
          truth.delete(uid);
        } else {
          const [host, cpus] = promise;
          placements.set(uid, host, some(cpus));
          truth.set(uid, { host, cpus });
        }
      }
      return ["h1", "h2"].every((name) => {
        const sum = [...truth.values()].reduce(
          (total, { host, cpus }) => total + (host === name ? cpus : 0),
          0,
        );
        return placements.allocatedOn(name).memoryBytes === sum * 10;
      });
    }),
  );
});
