import t from "tap";
import { isVolume } from "./audit.ts";
import { carryVolume } from "./carried-volume.ts";
import { removeHost, restoreHost } from "./inventory.ts";
import { findUnsettledVolumes } from "./unsettled-volumes.ts";
import { World } from "./world.ts";

t.test("hosts change names while an old copy is to be removed: the data stays, the copy goes", async (t) => {
  const { world, data, copy } = await movedVolume();
  const [h1, h2] = [world.host("h1"), world.host("h2")];
  world.addresses.set("fake://h1", h2);
  world.addresses.set("fake://h2", h1);
  world.network.healAll();
  for (const host of [h1, h2]) host.restartDaemon();
  await world.time.runFor(180_000);
  t.same([data(), copy()], [1, 0]);
  world.addresses.set("fake://h1", h1);
  world.addresses.set("fake://h2", h2);
  for (const host of [h1, h2]) host.restartDaemon();
  await world.time.runFor(180_000);
  const [volume] = world.audit.volumes.values();
  t.match(volume?.status, { hostName: "h2", phase: "Attached" });
  t.equal(volume?.status?.move, undefined);
  t.same([data(), copy()], [1, 0]);
  t.same(world.breaches, []);
  world.killAll();
});

t.test("an old copy is not waited for when its Host is removed", async (t) => {
  const { world, data, copy } = await movedVolume();
  void removeHost(world, "h1");
  await world.time.runFor(10_000);
  const [volume] = world.audit.volumes.values();
  t.match(volume?.status, { hostName: "h2", phase: "Attached", move: undefined });
  restoreHost(world, "h1");
  world.network.healAll();
  await world.time.runFor(180_000);
  t.same([data(), copy()], [1, 1], "it is left alone");
  const left: string[] = [];
  findUnsettledVolumes(world, (id, what) => left.push(`${id} ${what}`));
  t.same([...left, ...world.breaches], []);
  t.notOk(world.watch.leftCopies.isForgotten("h2", volume?.metadata.uid ?? ""));
  world.killAll();
});

t.test("to remove the data itself is a breach, whatever its host is called", async (t) => {
  const { world, file } = await movedVolume();
  const [process] = world.replicas.flatMap((replica) => replica.process ?? []);
  if (process === undefined) throw new Error("a controller runs");
  world.addresses.set("fake://h2", world.host("h1"));
  const remove = (name: string) =>
    world.watch.sent({ process, host: world.host(name), verb: "deleteVolume", args: [file] });
  remove("h1");
  t.same(world.breaches, []);
  remove("h2");
  t.match(world.breaches, [{ id: "S8", what: /on h2: the data is there and nobody deleted it/ }]);
  world.killAll();
});

/** A volume that was carried from h1 to h2, and h1 was cut off before the old copy was removed. */
async function movedVolume() {
  const world = await World.start({ seed: 1, hosts: [{ name: "h1" }, { name: "h2" }] });
  const [process] = world.replicas.flatMap((replica) => replica.process ?? []);
  let isCut = false;
  world.audit.listen((resource) => {
    if (isCut || !isVolume(resource) || resource.status?.move?.phase !== "Cleaning") return;
    isCut = true;
    world.network.cut(process?.name ?? "", "h1");
    world.network.cut("h1", process?.name ?? "");
  });
  await carryVolume(world);
  await world.time.runFor(120_000);
  const [volume] = world.audit.volumes.values();
  if (volume?.status?.move?.phase !== "Cleaning" || volume.status.hostName !== "h2")
    throw new Error(`it was carried to h2: ${JSON.stringify(volume?.status)}`);
  const file = volume.status.volume ?? "";
  const countOn = (host: string) => () =>
    world
      .host(host)
      .fake.pool(world.clusterId)
      .list()
      .filter(({ name }) => name === file).length;
  return { world, file, data: countOn("h2"), copy: countOn("h1") };
}
