import { equal, match, notEqual, ok, deepEqual as same } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { HostKind } from "../schema/host.ts";
import { isRecord } from "../schema/plain.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { labAvailable, startLab } from "./lab/lab.ts";
import type { LabHost } from "./lab/lab-host.ts";
import { SeedReport } from "./seed-report.ts";
import { eventually, type ServerProcess, startServerProcess } from "./server-process.ts";

const { available, reason } = labAvailable();
const options = { skip: available ? false : reason, timeout: 280_000 };
const program = join(import.meta.dirname, "../../bin/ostler");
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
  const start = (): Promise<ServerProcess> =>
    startServerProcess({
      directory,
      args: ["--seed-listen", `127.0.0.1:${port}`, "--accelerator", "qemu", "--resync-seconds", "3"],
    });
  const world = new World({ url, directory, hosts: lab.hosts, server: await start() });
  const report = new SeedReport(t);
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
        const keys = ["--key", lab.keyFile, "--known-hosts", lab.knownHostsFile];
        const more = ["--image-dir", join(directory, "state/images/seed"), "--wait", "60s"];
        const { stdout } = await world.cli("load", ...files, ...keys, ...more);
        equal(stdout.match(/ created\n/g)?.length, 3 + 1 + 3);
        match((await world.cli("load", ...files, ...keys, ...more)).stdout, /^(\S+ unchanged\n){7}$/);
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
      for (const { spec } of items) match(spec.uri, /^qemu\+ssh:\/\/root@[0-9.]+\/system\?.*no_tty=1/);
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
      equal((await truth()).filter(({ domain }) => domain.includes("-pair-")).length, 2);
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
          ok(performance.now() - began < 2_000, query);
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
    await check("R38 R143", "restart", "after the server was killed all numbers mean the same", async () => {
      const all = async () => [await ask("/vm/types"), await ask("/image/list"), await ask("/pm/list")];
      const machines = async () => {
        const lists = await Promise.all([1, 2, 3].map((pmid) => ask(`/pm/listvms?pmid=${pmid}`)));
        return lists.map((list) => Object(list).vmids);
      };
      const [before, running] = [await all(), await machines()];
      const highest = Math.max(...running.flat());
      await world.server.end("SIGKILL");
      world.server = await start();
      await eventually("the hosts answer again", async () => {
        const now = await machines();
        return now.flat().length === running.flat().length || undefined;
      });
      same([await all(), await machines()], [before, running]);
      await eventually("there is a host again", async () =>
        (await create("after")) > highest ? true : undefined,
      );
      await world.agrees();
    });
  } finally {
    report.print();
    await world.server.end("SIGTERM");
  }
});

interface Running {
  readonly host: string;
  readonly domain: string;
}

interface WorldParts {
  readonly url: string;
  readonly directory: string;
  readonly hosts: readonly LabHost[];
  readonly server: ServerProcess;
}

/** The flat API on one side, what virsh says on the hosts on the other. */
class World {
  server: ServerProcess;
  readonly #parts: WorldParts;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.server = parts.server;
  }

  readonly ask = async (path: string): Promise<unknown> => {
    const response = await fetch(this.#parts.url + path);
    if (response.status !== 200) throw new Error(`${path}: status ${response.status}`);
    return JSON.parse(await response.text());
  };

  /** Every domain that runs, on every host. */
  readonly truth = async (): Promise<readonly Running[]> => {
    const each = this.#parts.hosts.map(async (host) => {
      const names = (await host.virsh("list", "--name")).split("\n").filter((name) => name.trim() !== "");
      return names.map((domain) => ({ host: host.name, domain: domain.trim() }));
    });
    return (await Promise.all(each)).flat();
  };

  cli(...args: readonly string[]) {
    const { directory, url } = this.#parts;
    const env = { OSTLER_KUBECONFIG: join(directory, "state/kubeconfig"), OSTLER_SEED_URL: url };
    return command(program, ["seed", ...args], { cwd: directory, env: { ...process.env, ...env } });
  }

  pmidOf(host: string | undefined): number {
    return this.#parts.hosts.findIndex(({ name }) => name === host) + 1;
  }

  /** Domains and disks of machines, on every host. */
  async traces(): Promise<readonly string[]> {
    const each = this.#parts.hosts.map(async (host) => {
      const domains = (await host.virsh("list", "--all", "--name")).split("\n");
      const { stdout } = await host.exec(["sh", "-c", "ls /var/lib/libvirt/images/ostler-* 2>/dev/null"]);
      const disks = stdout.split("\n").filter((name) => name.startsWith("vm-"));
      return [...domains, ...disks]
        .filter((name) => name.trim() !== "")
        .map((name) => `${host.name} ${name}`);
    });
    return (await Promise.all(each)).flat().sort();
  }

  /** What qemu-img says about the first disk of a domain. */
  async diskInfo(running: Running | undefined): Promise<Record<string, unknown>> {
    const host = this.#parts.hosts.find(({ name }) => name === running?.host);
    const table = await host?.virsh("domblklist", running?.domain ?? "", "--details");
    const [, path = ""] = /disk +\S+ +(\S+)/.exec(table ?? "") ?? [];
    const info = await host?.exec(["qemu-img", "info", "-U", "--output=json", path]);
    return Object(JSON.parse(info?.stdout ?? "null"));
  }

  /** Throws unless lists, counts and what is free agree with the domains that run. */
  async agrees(): Promise<void> {
    await eventually(
      "the flat API and virsh agree",
      async () => {
        const running = await this.truth();
        for (const [index, host] of this.#parts.hosts.entries()) {
          const pmid = index + 1;
          const here = running.filter((found) => found.host === host.name);
          const { vmids } = Object(await this.ask(`/pm/listvms?pmid=${pmid}`));
          const { capacity, free, vms } = Object(await this.ask(`/pm/query?pmid=${pmid}`));
          same([vmids.length, vms], [here.length, here.length], `${host.name} runs ${here.length}`);
          const used = await Promise.all(here.map(({ domain }) => cpusOf(host, domain)));
          equal(free.cpu, capacity.cpu - used.reduce((sum, cpus) => sum + cpus, 0), host.name);
          for (const vmid of vmids) equal(Object(await this.ask(`/vm/query?vmid=${vmid}`)).pmid, pmid);
        }
        return true;
      },
      30_000,
    );
  }
}

function numberIn(answer: unknown): number {
  const { vmid } = Object(answer);
  if (typeof vmid !== "number") throw new Error(`no vmid in ${JSON.stringify(answer)}`);
  return vmid;
}

async function nodeInfo(host: LabHost): Promise<{ readonly cpus: number; readonly megabytes: number }> {
  const text = await host.virsh("nodeinfo");
  const kibibytes = Number(/Memory size: +(\d+)/.exec(text)?.[1]);
  return { cpus: Number(/CPU\(s\): +(\d+)/.exec(text)?.[1]), megabytes: Math.floor(kibibytes / 1024) };
}

/** The size of the file system behind our pool, in GB. */
async function diskOf(host: LabHost): Promise<number> {
  const pools = await host.virsh("pool-list", "--name");
  const pool =
    pools
      .split("\n")
      .find((name) => name.startsWith("ostler-"))
      ?.trim() ?? "";
  const text = await host.virsh("pool-info", "--bytes", pool);
  return Math.floor(Number(/Capacity: +(\d+)/.exec(text)?.[1]) / 2 ** 30);
}

async function cpusOf(host: LabHost, domain: string): Promise<number> {
  return Number(/CPU\(s\): +(\d+)/.exec(await host.virsh("dominfo", domain))?.[1]);
}

/** A port that was free just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

function command(file: string, args: readonly string[], options: Parameters<typeof execFile>[2] = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(file, args, { ...options, encoding: "utf8" }, (error, stdout, stderr) => {
      resolve({ code: error ? (child.exitCode ?? 255) : 0, stdout: String(stdout), stderr: String(stderr) });
    });
  });
}
