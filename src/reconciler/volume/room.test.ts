import t from "tap";
import { spread } from "../../scheduler/policies.ts";
import { Cluster } from "../../testing/cluster.ts";
import { GiB, moving, on, volume } from "../../testing/volume-plan-fixture.ts";
import { Binder } from "../binding/binder.ts";
import { VolumeRoom } from "./room.ts";

async function twoHosts() {
  await using cluster = await Cluster.start({
    hosts: ["h1", "h2"].map((name) => ({ name, diskBytes: 10 * GiB })),
  });
  const hosts = [await cluster.host("h1"), await cluster.host("h2")];
  const ledger = new Binder({ clock: cluster.clock, defaultProfile: spread, onNews: () => {} });
  const room = new VolumeRoom({ hosts: () => hosts, isConnected: (name) => name === "h1", ledger });
  return { ledger, room };
}

t.test("a volume takes room where it is, and on both hosts while it moves", async (t) => {
  const { ledger, room } = await twoHosts();
  const taken = () => ["h1", "h2"].map((name) => ledger.promisedDiskBytes(name) / GiB);
  room.enter(volume(on("h1")));
  t.same(taken(), [1, 0]);
  room.enter(volume(on("h1", { move: moving("h1", "h2", "Copying") })));
  t.same(taken(), [1, 1]);
  room.enter(volume(on("h2", { move: moving("h1", "h2", "Cleaning") })));
  t.same(taken(), [1, 1]);
  room.enter(volume(on("h2"), {}, { size: "3Gi" }));
  t.same(taken(), [0, 3]);
  room.leave(volume());
  t.same(taken(), [0, 0]);
});

t.test("what it has been promised is its own to use; hosts that are away are not", async (t) => {
  const { room } = await twoHosts();
  room.enter(volume(on("h1"), { uid: "other" }, { size: "4Gi" }));
  room.enter(volume(on("h1"), {}, { size: "2Gi" }));
  t.same(room.hosts(volume()), [
    { name: "h1", freeDiskBytes: 6 * GiB },
    { name: "h2", closed: "not ready", freeDiskBytes: 10 * GiB },
  ]);
});
