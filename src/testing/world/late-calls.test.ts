import t from "tap";
import { StatusError } from "../../runtime/errors.ts";
import { findCondition } from "../../schema/conditions.ts";
import { Actor } from "./actor.ts";
import { carryVolume, wantOnH2 } from "./carried-volume.ts";
import type { Tampering } from "./replica.ts";
import type { SimHost } from "./sim-host.ts";
import { findUnsettled } from "./unsettled.ts";
import { World } from "./world.ts";

/** Seeds differ in how much later than the deletion the host gets round to what it was asked before. */
const seeds = [1, 2, 3, 4, 5, 6];

for (const seed of seeds) {
  t.test(`a definition that comes after the machine's deletion is removed (${seed})`, async (t) => {
    const { world, host, actor } = await slowHost(seed);
    void actor.addMachine("web");
    await giveUp(world, host);
    void actor.removeMachine("web");
    await world.time.runFor(150_000);
    t.same([...host.fake.domains], []);
    t.same(await actor.findMachine("web"), undefined);
    t.same(world.breaches, []);
    world.killAll();
  });

  t.test(`a file that comes after the volume's deletion is removed (${seed})`, async (t) => {
    const { world, host, actor } = await slowHost(seed);
    void actor.addVolume("data", "64Mi");
    await giveUp(world, host);
    void actor.removeVolume("data");
    await world.time.runFor(150_000);
    t.same(host.fake.pool(world.clusterId).list(), []);
    t.equal(world.audit.volumes.size, 0);
    t.same(world.breaches, []);
    world.killAll();
  });
}

t.test("a definition that comes many minutes late is removed as well", async (t) => {
  const { world, host, actor } = await slowHost(1, 900_000);
  void actor.addMachine("web");
  await giveUp(world, host);
  void actor.removeMachine("web");
  await world.time.runFor(150_000);
  t.same(await actor.findMachine("web"), undefined);
  t.same([...host.fake.domains], [], "it has not been made yet");
  await world.time.runFor(1_500_000);
  t.equal(world.watch.mutations, 2, "it was made later, and removed");
  t.same([...host.fake.domains], []);
  t.same(world.breaches, []);
  world.killAll();
});

t.test("a definition that comes when who let its machine go has died is left, and told of", async (t) => {
  const { world, host, actor } = await slowHost(1, 900_000);
  void actor.addMachine("web");
  await giveUp(world, host);
  void actor.removeMachine("web");
  await world.time.runFor(150_000);
  const breaches = () => {
    const found: string[] = [];
    findUnsettled(world, (id, what) => found.push(`${id} ${what}`));
    return found;
  };
  t.same(breaches(), []);
  world.replicas[0]?.kill();
  world.replicas[0]?.start();
  await world.time.runFor(1_500_000);
  t.equal([...host.fake.domains].length, 1);
  const [told] = world.audit.hosts.values();
  t.match(findCondition(told?.status?.conditions, "OrphanDomains")?.message, /default-web-/);
  t.same(breaches(), []);
  world.audit.hosts.clear();
  t.match(breaches(), [/L3 default-web-.* is left on h1/], "were it not told of, that would be a breach");
  t.same(world.breaches, []);
  world.killAll();
});

t.test(
  "what comes of a volume that has moved on, asked for by who has died, is left where it is",
  async (t) => {
    const world = await World.start({ seed: 1, hosts: [{ name: "h1" }, { name: "h2" }] });
    const actor = new Actor(world);
    const [h1, h2] = [world.host("h1"), world.host("h2")];
    const has = (host: SimHost): boolean => host.fake.pool(world.clusterId).list().length > 0;
    void actor.addHost("h1");
    await world.time.runFor(20_000);
    h1.slowMs = 600_000;
    void actor.addVolume("data", "64Mi");
    await world.time.runFor(5_000);
    h1.slowMs = 0;
    world.replicas[0]?.kill();
    world.replicas[0]?.start();
    await world.time.runFor(30_000);
    t.ok(has(h1), "the next one made it there");
    await wantOnH2(world, actor);
    await world.time.runFor(60_000);
    t.same([has(h1), has(h2)], [false, true], "it was carried to where its machine is");
    await world.time.runFor(900_000);
    t.same([has(h1), has(h2)], [true, true], "h1 has done what it was asked first");
    const [volume] = world.audit.volumes.values();
    t.match(volume?.status, { hostName: "h2", phase: "Attached" });
    const found: string[] = [];
    findUnsettled(world, (id, what) => found.push(`${id} ${what}`));
    t.same(found, []);
    t.same(world.breaches, []);
    world.killAll();
  },
);

t.test(
  "a store that is silent while a volume is carried does the copy and the process no harm",
  async (t) => {
    const silence = { isOn: false };
    const world = await World.start({
      seed: 1,
      hosts: [{ name: "h1" }, { name: "h2" }],
      tampering: silent(silence),
    });
    await carryVolume(world);
    world.host("h2").slowMs = 18_000;
    await world.time.runFor(20_000);
    silence.isOn = true;
    await world.time.runFor(20_000);
    silence.isOn = false;
    world.host("h2").slowMs = 0;
    await world.time.runFor(180_000);
    const [volume] = world.audit.volumes.values();
    t.equal(volume?.status?.hostName, "h2");
    t.same(world.breaches, []);
    world.killAll();
  },
);

/** A host that is slow: in most worlds it does after more than half a minute what it is asked. */
async function slowHost(seed: number, slowMs = 40_000) {
  const world = await World.start({ seed, hosts: [{ name: "h1" }] });
  const host = world.host("h1");
  const actor = new Actor(world);
  void actor.addHost("h1");
  await world.time.runFor(20_000);
  host.slowMs = slowMs;
  return { world, host, actor };
}

/** The controller gives up, the host is quick again, and what it was asked before is still to come. */
async function giveUp(world: World, host: SimHost): Promise<void> {
  await world.time.runFor(31_000);
  host.slowMs = 0;
  await world.time.runFor(1_000);
}

/** A controller that cannot read Volumes while this is so. */
function silent(silence: { readonly isOn: boolean }): Tampering {
  return {
    parts: (options) => {
      const { store } = options;
      const get: typeof store.get = (kind, key) =>
        silence.isOn && kind.kind === "Volume"
          ? Promise.reject(new StatusError("Timeout", "no answer from the store"))
          : store.get(kind, key);
      const proxy = new Proxy(store, {
        get: (target, property) => {
          if (property === "get") return get;
          const value: unknown = Reflect.get(target, property, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      return { ...options, store: proxy };
    },
  };
}
