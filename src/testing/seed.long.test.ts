import { equal, match, notEqual, ok, deepEqual as same } from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { HostKind } from "../schema/host.ts";
import { isRecord } from "../schema/plain.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { labAvailable, startLab } from "./lab/lab.ts";
import { SeedReport } from "./seed-report.ts";
import { command, diskOf, nodeInfo, numberIn, SeedWorld } from "./seed-world.ts";
import { eventually, type ServerProcess, startServerProcess } from "./server-process.ts";

const { available, reason } = labAvailable();
const options = { skip: available ? false : reason, timeout: 280_000 };
const hardware = {
  h1: { cpus: 4, memoryMiB: 4096 },
  h2: { cpus: 3, memoryMiB: 2048 },
  h3: { cpus: 2, memoryMiB: 2048 },
};
/** All that the three hosts can take of the smallest type. */
const cpusInAll = 9;

t.test("the flat API tells the truth about three hosts, and makes it so", options, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-seed-"));
  t.teardown(() => rm(directory, { recursive: true }));
  await using lab = await startLab({ hosts: 3, hardware });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const image = join(directory, "cirros-0.3.4-x86_64-disk.img");
  await command("qemu-img", ["create", "-q", "-f", "qcow2", image, "64M"]);
  await writeFile(join(directory, "image_file"), `${image}\r\n${image}\r\n`);
  await writeFile(
    join(directory, "flavor_file"),
    `"types": [
      {'cpu': 1, 'ram': 96, 'disk': 1},
      {'cpu': 2, 'ram': 128, 'disk': 2},
      {'cpu': 400, 'ram': 96, 'disk': 1},
    ],\n`,
  );
  // As the installer does, which makes a key of its own; the hosts let in whoever has this one.
  await mkdir(join(directory, "state/ssh"), { recursive: true, mode: 0o700 });
  await copyFile(lab.keyFile, join(directory, "state/ssh/id_ed25519"));
  const start = (...more: readonly string[]): Promise<ServerProcess> => {
    const always = ["--seed-listen", `127.0.0.1:${port}`, "--accelerator", "qemu", "--resync-seconds", "3"];
    return startServerProcess({ directory, args: [...always, ...more] });
  };
  const world = new SeedWorld({ url, directory, hosts: lab.hosts, server: await start() });
  const report = new SeedReport(t, () => world.reason);
  const check = report.check.bind(report);
  const { ask, truth } = world;
  const create = async (name: string, more = ""): Promise<number> => {
    return numberIn(
      await ask(`/vm/create?name=${encodeURIComponent(name)}&instance_type=1&image_id=100${more}`),
    );
  };
  try {
    await check(
      "R21 R34-R37 R51 R52",
      "the files",
      "three files are read, hosts and images become ready",
      async () => {
        const files = ["--pms", lab.pmFile, "--images", "image_file", "--types", "flavor_file"];
        const more = ["--user", "root", "--image-dir", "state/images/seed", "--enroll", "--wait", "60s"];
        const { stdout } = await world.cli("load", ...files, ...more);
        equal(stdout.match(/ created\n/g)?.length, 3 + 1 + 3);
        equal(stdout.match(/SHA256:/g)?.length, 3, "the keys of the hosts are shown");
        match((await world.cli("load", ...files, ...more)).stdout, /^(\S+ unchanged\n){7}$/);
      },
    );
    await check(
      "R34 R52",
      "the files",
      "a line that is wrong is told with its number, nothing is changed",
      async () => {
        await writeFile(join(directory, "bad"), "198.18.0.1\n999.1.1.1\n");
        const { code, stderr } = await world.cli("load", "--pms", "bad");
        equal(code, 1);
        match(stderr, /^bad:2: /);
        same(await ask("/pm/list"), { pmids: [1, 2, 3] });
      },
    );
    await check("R13 R54 R68", "libvirt", "hosts are reached by SSH, with no terminal", async () => {
      const { items } = await world.server.client.list(HostKind);
      for (const { spec } of items) match(spec.uri, /^qemu\+ssh:\/\/root@[0-9.]+\/system\?no_tty=1$/);
    });
    await check("R42 R62", "vm/types", "the sizes of the file, with numbers by their order", async () => {
      same(await ask("/vm/types"), {
        types: [
          { tid: 1, cpu: 1, ram: 96, disk: 1 },
          { tid: 2, cpu: 2, ram: 128, disk: 2 },
          { tid: 3, cpu: 400, ram: 96, disk: 1 },
        ],
      });
    });
    await check("R36 R43 R66", "image/list", "one image, named after its file, from 100 on", async () => {
      same(await ask("/image/list"), { images: [{ id: 100, name: "cirros-0.3.4-x86_64-disk" }] });
    });
    await check("R35 R63", "pm/list", "a number for each host, in the order of the file", async () => {
      same(await ask("/pm/list"), { pmids: [1, 2, 3] });
    });
    await check(
      "R22 R53 R65",
      "pm/query",
      "what virsh says the hosts have; all of it free but the reserve",
      async () => {
        for (const [index, host] of lab.hosts.entries()) {
          const answer = Object(await ask(`/pm/query?pmid=${index + 1}`));
          const { cpus, megabytes } = await nodeInfo(host);
          same(answer.capacity, { cpu: cpus, ram: megabytes, disk: await diskOf(host) }, host.name);
          same(answer.free, { ...answer.capacity, ram: megabytes - 512 }, host.name);
          equal(answer.vms, 0);
        }
      },
    );
    await check("R64", "pm/listvms", "an empty host has an empty list", async () => {
      for (const pmid of [1, 2, 3]) same(await ask(`/pm/listvms?pmid=${pmid}`), { vmids: [] });
    });
    await check(
      "R4 R10 R11 R13 R23 R27 R39 R59",
      "vm/create",
      "answers when the machine runs on a host",
      async () => {
        const vmid = await create("test VM_1");
        equal(vmid, 1);
        const running = await truth();
        equal(running.length, 1, "seen by virsh at once");
        match(running[0]?.domain ?? "", /^default-test-vm-1-/);
        const host = lab.host(running[0]?.host ?? "");
        match(
          await host.virsh("dominfo", running[0]?.domain ?? ""),
          /CPU\(s\): +1\n.*Max memory: +98304 KiB/s,
        );
      },
    );
    await check("R40 R46 R60", "vm/query", "name, size and host are those that virsh shows", async () => {
      const [running] = await truth();
      same(await ask("/vm/query?vmid=1"), {
        vmid: 1,
        name: "test VM_1",
        instance_type: 1,
        pmid: world.pmidOf(running?.host),
      });
    });
    await check(
      "R39",
      "vm/create",
      "the disk is as large as its type says, a copy-on-write of the image",
      async () => {
        const [running] = await truth();
        const info = await world.diskInfo(running);
        equal(info["virtual-size"], 2 ** 30);
        match(String(info["full-backing-filename"]), /image-/);
      },
    );
    await check("R39 R59", "vm/create", "without an image the first one is taken", async () => {
      const { vmid } = Object(await ask("/vm/create?name=plain&instance_type=2"));
      equal(vmid, 2);
      const domain = (await truth()).find(({ domain }) => domain.includes("plain"));
      equal((await world.diskInfo(domain))["virtual-size"], 2 ** 31);
      same(await ask("/vm/destroy?vmid=2"), { status: 1 });
    });
    await check(
      "R9 R18",
      "vm/create",
      "several machines at once, started side by side on several hosts",
      async () => {
        const began = performance.now();
        const each = await Promise.all(
          ["a", "b", "c", "d"].map(async (name) => {
            const vmid = await create(name);
            ok(vmid > 2);
            return performance.now() - began;
          }),
        );
        const last = Math.max(...each);
        t.comment(`four answers after ${each.map((ms) => Math.round(ms)).join(", ")} ms`);
        ok(last < each.reduce((sum, ms) => sum + ms, 0), "not one after the other");
        const running = await truth();
        equal(running.length, 5);
        ok(new Set(running.map(({ host }) => host)).size > 1);
      },
    );
    await check("R9", "vm/create", "one request for two machines makes two", async () => {
      const { vmids } = Object(await ask("/vm/create?name=pair&instance_type=1&count=2"));
      equal(vmids.length, 2);
      equal((await truth()).filter(({ domain }) => /^pair-[12]$/.test(domain)).length, 2, "by these names");
    });
    await check("R46 R64 R65", "pm/*", "lists, counts and what is free agree with virsh on every host", () =>
      world.agrees(),
    );
    await check(
      "R15 R39 R56",
      "vm/create",
      "what cannot be served is refused at once, and leaves nothing",
      async () => {
        const before = await world.traces();
        for (const query of [
          "instance_type=1",
          "name=x&instance_type=9",
          "name=x&instance_type=-1",
          `name=x&instance_type=${"9".repeat(60)}`,
          "name=x&instance_type=1&image_id=9",
          "name=x&instance_type=3",
          "name=a&instance_type=1",
          "name=test%20VM_1&instance_type=1",
          "name=x&instance_type=1&count=0",
        ]) {
          const began = performance.now();
          same(await ask(`/vm/create?${query}`), { vmid: 0 }, query);
          ok(performance.now() - began < 15_000, query);
        }
        same(await world.traces(), before);
      },
    );
    await check("R39", "vm/create", "a name is never a command", async () => {
      const vmid = await create("$(touch /tmp/ostler-pwned); `id` 'x' <b>");
      ok(vmid > 0);
      match(JSON.stringify(await ask(`/vm/query?vmid=${vmid}`)), /touch/);
      for (const host of lab.hosts) equal((await host.exec(["test", "-e", "/tmp/ostler-pwned"])).code, 1);
      same(await ask(`/vm/destroy?vmid=${vmid}`), { status: 1 });
    });
    await check(
      "R55 R56",
      "vm/create",
      "more than there is room for: first come first served, never too many",
      async () => {
        const room = cpusInAll - (await truth()).length;
        const answers = await Promise.all(
          Array.from({ length: room + 3 }, (_, index) => create(`full-${index}`)),
        );
        ok(
          answers.slice(0, room).every((vmid) => vmid > 0),
          JSON.stringify(answers),
        );
        ok(
          answers.slice(room).every((vmid) => vmid === 0),
          JSON.stringify(answers),
        );
        for (const [index, host] of lab.hosts.entries()) {
          equal(Object(await ask(`/pm/query?pmid=${index + 1}`)).free.cpu, 0, host.name);
        }
        await world.agrees();
      },
    );
    await check(
      "R41 R61",
      "vm/destroy",
      "answers 1 when domain and disks are gone, 0 the second time",
      async () => {
        const { vmids } = Object(await ask("/pm/listvms?pmid=2"));
        const [vmid] = vmids;
        const before = await world.traces();
        same(await ask(`/vm/destroy?vmid=${vmid}`), { status: 1 });
        equal((await world.traces()).length, before.length - 2, "its domain and its disk");
        same(await ask(`/vm/destroy?vmid=${vmid}`), { status: 0 });
        equal(await ask(`/vm/query?vmid=${vmid}`), 0);
        await world.agrees();
      },
    );
    await check("R41 R61", "vm/destroy", "many at once", async () => {
      const running = Object(await ask("/pm/listvms?pmid=1")).vmids.filter((vmid: number) => vmid !== 1);
      const answers = await Promise.all(running.map((vmid: number) => ask(`/vm/destroy?vmid=${vmid}`)));
      ok(answers.every((answer) => Object(answer).status === 1));
      await world.agrees();
    });
    await check(
      "R46 R60",
      "vm/query",
      "a machine killed behind our back is not said to be there until it is",
      async () => {
        const [victim] = (await truth()).filter(({ domain }) => domain.includes("test-vm-1"));
        const host = lab.host(victim?.host ?? "");
        const before = (await host.virsh("domid", victim?.domain ?? "")).trim();
        await host.virsh("destroy", victim?.domain ?? "");
        await host.virsh("undefine", victim?.domain ?? "");
        const after = await eventually("the answer is about a new domain", async () => {
          const answer = await ask("/vm/query?vmid=1");
          if (answer === 0) return undefined;
          const [again] = (await truth()).filter(({ domain }) => domain.includes("test-vm-1"));
          const id =
            again === undefined ? before : (await lab.host(again.host).virsh("domid", again.domain)).trim();
          return id === before ? undefined : id;
        });
        notEqual(after, before);
      },
    );
    await check("R3 R29 R67", "any other", "0, and nothing else", async () => {
      for (const path of [
        "/",
        "/vm",
        "/vm/start",
        "/pm/query",
        "/pm/query?pmid=9",
        "/pm/listvms?pmid=x",
        "/nothing",
      ]) {
        equal(await ask(path), 0, path);
      }
      for (const vmid of ["", "0", "-1", "1.5", "x", "9".repeat(40)])
        equal(await ask(`/vm/query?vmid=${vmid}`), 0);
    });
    await check("R145", "pm/{pmid}", "the older forms say the same", async () => {
      same(await ask("/pm/1"), await ask("/pm/query?pmid=1"));
      same(await ask("/pm/1/listvms"), await ask("/pm/listvms?pmid=1"));
      same(await ask("/server/vm/types/"), await ask("/vm/types"));
      same(await ask("/vm/image/list"), await ask("/image/list"));
    });
    await check("R30 R49", "every call", "strict JSON with status 200, by GET and by POST", async () => {
      for (const method of ["GET", "POST"]) {
        for (const path of ["/vm/types", "/vm/query?vmid=9", "/nothing"]) {
          const response = await fetch(url + path, { method });
          equal(response.status, 200);
          match(response.headers.get("content-type") ?? "", /^application\/json/);
          JSON.parse(await response.text());
        }
      }
    });
    await check(
      "R31 R147",
      "command line",
      "prints the JSON, and ends with 1 when it says that it failed",
      async () => {
        equal((await world.cli("pms")).stdout, '{"pmids":[1,2,3]}\n');
        const { stdout, code } = await world.cli("create", "by hand", "--type", "1");
        match(stdout, /^\{"vmid":\d+\}\n$/);
        equal(code, 0);
        const vmid = String(JSON.parse(stdout).vmid);
        equal((await world.cli("destroy", vmid)).stdout, '{"status":1}\n');
        equal((await world.cli("destroy", vmid)).code, 1);
      },
    );
    await check("R28 R46", "one truth", "a machine made with kubectl's API has a number, too", async () => {
      const metadata = { name: "by-manifest", namespace: "default" };
      const spec = { cpus: 1, memory: "64Mi", terminationGracePeriodSeconds: 0 };
      const manifest = { apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata, spec } as const;
      await world.server.client.create(VirtualMachineKind, JSON.parse(JSON.stringify(manifest)));
      await eventually(
        "it runs",
        async () => (await truth()).some(({ domain }) => domain.includes("by-manifest")) || undefined,
      );
      await world.agrees();
      await world.server.client.delete(VirtualMachineKind, metadata);
    });
    await check("R46 R152", "vm/query", "a host that lost its power is not answered for", async () => {
      const { vmids } = Object(await ask("/pm/listvms?pmid=3"));
      ok(vmids.length > 0);
      await lab.host("h3").powerOff();
      await eventually(
        "nothing is said of it",
        async () => (await ask("/pm/query?pmid=3")) === 0 || undefined,
      );
      equal(await ask("/pm/listvms?pmid=3"), 0);
      for (const vmid of vmids) equal(await ask(`/vm/query?vmid=${vmid}`), 0);
      same(await ask("/pm/list"), { pmids: [1, 2, 3] });
      await lab.host("h3").powerOn();
      await eventually("its machines run again", async () => {
        const answers = await Promise.all(vmids.map((vmid: number) => ask(`/vm/query?vmid=${vmid}`)));
        return answers.every(isRecord) || undefined;
      });
      await world.agrees();
    });
    await check("R5 R17 R144", "volume/create", "answers when its data is on a host", async () => {
      same(await ask("/volume/create?name=my%20data&size=0.25"), { volumeid: 1 });
      same((await world.volumes()).length, 1);
      same(await ask("/volume/query?volumeid=1"), {
        volumeid: 1,
        name: "my data",
        size: 0.25,
        status: "available",
      });
      for (const query of ["name=my%20data&size=1", "name=x&size=0", "name=x&size=99999", "size=1"]) {
        same(await ask(`/volume/create?${query}`), { volumeid: 0 }, query);
      }
      same((await world.volumes()).length, 1);
    });
    await check("R144", "volume/attach", "the running machine has it, and nobody else gets it", async () => {
      const { vmids } = Object(await ask("/pm/listvms?pmid=1"));
      const [vmid] = vmids;
      same(await ask(`/volume/attach?vmid=${vmid}&volumeid=1`), { status: 1 });
      equal((await world.attached()).length, 1, "virsh domblklist shows it");
      match(JSON.stringify(await ask("/volume/query?volumeid=1")), new RegExp(`"attached","vmid":${vmid}}`));
      same(await ask(`/volume/attach?vmid=${vmid}&volumeid=1`), { status: 0 });
      same(await ask("/volume/destroy?volumeid=1"), { status: 0 });
      for (const query of ["vmid=99999&volumeid=1", `vmid=${vmid}&volumeid=99`]) {
        same(await ask(`/volume/attach?${query}`), { status: 0 }, query);
      }
    });
    await check("R144", "vm/destroy", "volumes outlive their machine", async () => {
      const { vmid } = Object(await ask("/volume/query?volumeid=1"));
      same(await ask(`/vm/destroy?vmid=${vmid}`), { status: 1 });
      await eventually("it is free", async () => {
        return Object(await ask("/volume/query?volumeid=1")).status === "available" || undefined;
      });
      equal((await world.volumes()).length, 1);
    });
    await check("R144", "volume/detach", "a machine on another host gets it, and gives it back", async () => {
      const { vmids } = Object(await ask("/pm/listvms?pmid=2"));
      const [vmid] = vmids;
      same(await ask(`/volume/attach?vmid=${vmid}&volumeid=1`), { status: 1 });
      equal((await world.attached())[0]?.host, "h2");
      // Nothing runs in the guest that could let go of a disk; one that is off need not be asked.
      await world.stop(vmid);
      same(await ask("/volume/detach?volumeid=1"), { status: 1 });
      same(await ask("/volume/detach?volumeid=1"), { status: 0 });
      same(await ask(`/vm/destroy?vmid=${vmid}`), { status: 1 });
    });
    await check("R144", "volume/destroy", "answers 1 when the data is gone, 0 the second time", async () => {
      same(await ask("/volume/destroy?volumeid=1"), { status: 1 });
      same(await world.volumes(), []);
      same(await ask("/volume/destroy?volumeid=1"), { status: 0 });
      same(await ask("/volume/query?volumeid=1"), { error: "volumeid : 1 does not exist" });
    });
    await check("R38 R143", "restart", "after the server was killed all numbers mean the same", async () => {
      const all = async () => [await ask("/vm/types"), await ask("/image/list"), await ask("/pm/list")];
      const [before, running] = [await all(), await world.lists()];
      const highest = Math.max(...running.flat());
      await world.addPolicy("packed", "BinPacking");
      await world.addPolicy("rotating", "RoundRobin");
      await world.server.end("SIGKILL");
      world.server = await start("--seed-placement-policy", "packed");
      await eventually("the hosts answer again", async () => {
        return (await world.lists()).flat().length === running.flat().length || undefined;
      });
      same([await all(), await world.lists()], [before, running]);
      await world.agrees();
      ok((await create("after")) > highest);
    });
    await check(
      "R12 R24-R26 R57 R58",
      "placement",
      "the same requests, another word in the settings",
      async () => {
        const placed = async (): Promise<readonly string[]> => {
          await Promise.all((await world.lists()).flat().map((vmid) => ask(`/vm/destroy?vmid=${vmid}`)));
          for (const name of ["one", "two", "three"]) ok((await create(name)) > 0);
          return (await truth()).map(({ host }) => host);
        };
        same(await placed(), ["h1", "h1", "h1"], "BinPacking fills the first host first");
        await world.server.end("SIGTERM");
        world.server = await start("--seed-placement-policy", "rotating");
        await eventually("the hosts answer again", async () => {
          return (await world.lists()).flat().length === 3 || undefined;
        });
        same((await placed()).toSorted(), ["h1", "h2", "h3"], "RoundRobin goes round");
      },
    );
  } finally {
    report.print();
    await world.server.end("SIGTERM");
  }
});

/** A port that was free just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
