import t from "tap";
import { Actor } from "./actor.ts";
import { World } from "./world.ts";

t.test(
  "a disk that a guest has run with is not removed while its machine is there, a new one may be",
  async (t) => {
    const world = await World.start({ seed: 1, hosts: [{ name: "h1" }] });
    const actor = new Actor(world);
    void actor.addHost("h1");
    await world.time.runFor(1_000);
    void actor.addMachine("web", { disks: [{ name: "data", size: "1Gi" }] });
    await world.time.runFor(5_000);
    const host = world.host("h1");
    const [domain] = host.fake.domains;
    const [volume] = domain?.observed.definition?.disks ?? [];
    const process = world.replicas[0]?.process;
    if (domain?.active !== true || volume === undefined || process === undefined)
      throw new Error("a machine runs with a disk");
    const remove = (name: string) => world.watch.sent({ process, host, verb: "deleteVolume", args: [name] });
    remove(volume.volume.replace("data", "more"));
    const unused = world.breaches.map(({ what }) => what);
    remove(volume.volume);
    const used = world.breaches.map(({ what }) => what).slice(unused.length);
    t.notOk(unused.some((what) => what.includes("has run with it")));
    t.ok(
      used.some((what) => what.includes(`${volume.volume} on h1: its machine has run with it`)),
      used.join(),
    );
    world.killAll();
  },
);
