import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { findCondition, isTrue } from "../schema/conditions.ts";
import type { Fence } from "../schema/fence.ts";
import { HostKind } from "../schema/host.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { blankMachine } from "./blank-machine.ts";
import { GuestWatch } from "./lab/guest-watch.ts";
import { labAvailable, startLab } from "./lab/lab.ts";
import { eventually, startServerProcess } from "./server-process.ts";

const missing = [labAvailable()].find(({ available }) => !available);
const patienceMs = 120_000;
const names = ["one", "two", "three"];

t.test(
  "a host is cut off from its guests",
  { skip: missing?.reason ?? false, timeout: 290_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "ostler-failover-"));
    t.teardown(() => rm(directory, { recursive: true }));
    const size = { cpus: 16, memoryMiB: 16_384 };
    await using lab = await startLab({ hardware: { h1: size, h2: size, h3: size } });
    await using watch = new GuestWatch(lab.hosts);
    const hosts = lab.hosts.flatMap((host) => ["--host", `${host.name}=${host.uri("ssh")}`]);
    await using server = await startServerProcess({ directory, args: [...hosts, "--resync-seconds", "2"] });
    const { client } = server;
    const [h1, h2, h3] = [lab.host("h1"), lab.host("h2"), lab.host("h3")];
    const find = (name: string) => client.get(VirtualMachineKind, { namespace: "default", name });
    const turns = (name: string, word: string, hostName?: string) =>
      eventually(
        `${name} is ${word}`,
        async () => {
          const vm = await find(name);
          const { printableStatus, hostName: on } = vm.status ?? {};
          const message = findCondition(vm.status?.conditions, "Ready")?.message;
          if (printableStatus === word && (hostName === undefined || on === hostName)) return vm;
          throw new Error(`${name} is ${printableStatus} on ${on}: ${message}`);
        },
        patienceMs,
      );
    const unreachable = (name: string, isAway: boolean) =>
      eventually(
        `${name} is ${isAway ? "away" : "back"}`,
        async () => {
          const { status } = await client.get(HostKind, { name });
          return isTrue(status?.conditions, "Unreachable") === isAway ? status : undefined;
        },
        patienceMs,
      );
    const cordon = async (unschedulable: boolean, ...those: readonly string[]) => {
      for (const name of those) await client.patch(HostKind, { name }, { spec: { unschedulable } });
    };
    const disksOn = async (host: typeof h1) => {
      const pools = (await host.virsh("pool-list", "--name")).trim().split(/\s+/);
      const lists = await Promise.all(pools.map((pool) => host.virsh("vol-list", pool)));
      // Each line has the name and the path, whose last part it is.
      return [...lists.join("\n").matchAll(/^ *(vm-\S+\.qcow2)/gm)].map(([, name = ""]) => name).toSorted();
    };

    for (const { name } of lab.hosts) await unreachable(name, false);
    await cordon(true, "h2", "h3");
    for (const name of names) await client.create(VirtualMachineKind, blankMachine(name));
    await client.create(VirtualMachineKind, blankMachine("stays", { failover: "None" }));
    for (const name of [...names, "stays"]) await turns(name, "Running", "h1");
    await cordon(false, "h2", "h3");
    const before = await Promise.all(names.map(find));
    const disksBefore = await disksOn(h1);
    t.equal(disksBefore.length, 4);

    await t.test("nothing is started elsewhere, however long it lasts", async (t) => {
      t.equal(h1.guests().size, 4);
      await h1.cut();
      await unreachable("h1", true);
      for (const name of names) t.match((await turns(name, "Unknown")).status, { hostName: "h1" });
      const fromMs = watch.looks;
      await eventually("a while has passed", async () => watch.looks > fromMs + 100 || undefined, patienceMs);
      t.equal(h1.guests().size, 4, "its guests run on");
      t.equal(h2.guests().size + h3.guests().size, 0);
      t.same(watch.twice, []);
    });

    await t.test(
      "once a person confirms that it is down, they run elsewhere, each with a new disk",
      async (t) => {
        const part = { kind: HostKind, key: { name: "h1" }, part: "fence" };
        const began = performance.now();
        const fence = await client.part<Fence>("PUT", part, { reason: "the rack burns" });
        t.match(fence, { proof: "HumanStatement", reason: "the rack burns" });
        for (const name of names) await turns(name, "Running");
        t.comment(
          `stated to Running elsewhere: ${Math.round(performance.now() - began)} ms for ${names.length}`,
        );
        for (const [index, name] of names.entries()) {
          const { status } = await find(name);
          t.match(status?.hostName, /^h[23]$/);
          t.equal(status?.placementEpoch, (before[index]?.status?.placementEpoch ?? 0) + 1);
          t.match(status?.departure, { proof: "HumanStatement", hostName: "h1", message: /the rack burns/ });
          t.match(status?.leftBehind, [{ hostName: "h1" }]);
        }
        t.match(
          findCondition((await find("stays")).status?.conditions, "Ready")?.message,
          /failover is None/,
        );
        t.equal(h2.guests().size + h3.guests().size, 3);
        const fresh = [...(await disksOn(h2)), ...(await disksOn(h3))];
        t.equal(fresh.length, 3);
        t.ok(fresh.every((disk) => disk.endsWith(".e2.qcow2") && !disksBefore.includes(disk)));
      },
    );

    await t.test(
      "with its cable back its older copies are stopped, and all its disks are there",
      async (t) => {
        await h1.heal();
        await unreachable("h1", false);
        await eventually("only the one that waited runs there", async () => {
          const running = [...h1.guests().keys()];
          return (running.length === 1 && running[0]?.includes("stays")) || undefined;
        });
        t.same(await disksOn(h1), disksBefore);
        const known = (await h1.virsh("list", "--all", "--name")).trim().split("\n");
        t.equal(known.length, 4, "their definitions are there, too");
        for (const name of names) await turns(name, "Running");
        t.match((await turns("stays", "Running", "h1")).status, { placementEpoch: 1 });
        const stays = (await find("stays")).status?.domain?.name ?? "";
        t.equal(watch.runsOf(stays).length, 1, "the one that waited was never stopped");
        t.equal((await client.get(HostKind, { name: "h1" })).status?.fence, undefined);
      },
    );

    await t.test("they are not started there again, and go with their machines", async (t) => {
      const fromMs = watch.looks;
      await eventually("a while has passed", async () => watch.looks > fromMs + 100 || undefined, patienceMs);
      t.equal(h1.guests().size, 1);
      await client.delete(VirtualMachineKind, { namespace: "default", name: "one" });
      await eventually("nothing of it is left on h1", async () => {
        return (await disksOn(h1)).length === 3 || undefined;
      });
      t.equal((await h1.virsh("list", "--all", "--name")).trim().split("\n").length, 3);
    });

    t.equal(await server.end("SIGTERM"), 0);
  },
);
