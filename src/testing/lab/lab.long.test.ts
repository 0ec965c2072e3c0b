import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { domainNames } from "../libvirt-uris.ts";
import { eventually } from "../server-process.ts";
import { labAvailable, startLab } from "./lab.ts";
import { runLab } from "./lab-command.ts";
import type { LabHost } from "./lab-host.ts";

const { available, reason } = labAvailable();
const options = { skip: available ? false : reason, timeout: 280_000 };

t.test("a lab", options, async (t) => {
  const began = performance.now();
  await using lab = await startLab({ hardware: { h2: { cpus: 40, memoryMiB: 131_072 } } });
  t.comment(`three hosts are up after ${Math.round(performance.now() - began)} ms`);
  for (const host of lab.hosts)
    t.comment(`${host.name}: PSS ${(host.memoryBytes() / 2 ** 20).toFixed(1)} MiB`);
  const [h1, h2, h3] = [lab.host("h1"), lab.host("h2"), lab.host("h3")];
  for (const host of lab.hosts) await host.define(domain("guest"));

  await t.test("every host is reached by every transport, and by SSH with its key verified", async (t) => {
    for (const host of lab.hosts) {
      t.equal((await host.virsh("hostname")).trim(), host.name);
      for (const transport of ["ssh", "tcp", "unix"] as const) {
        t.same(await domainNames(host.uri(transport)), ["guest"]);
      }
    }
    const stranger = h1
      .uri("ssh")
      .replace(`${h1.address}/`, `${h2.address}/`)
      .replace(/known_hosts=.*/, "");
    await t.rejects(domainNames(`${stranger}known_hosts=/dev/null`), /host key refused/);
    t.not(await uuidOf(h1), await uuidOf(h2));
  });

  await t.test("every host has a pool and a network, and libvirt sees the hardware it is told", async (t) => {
    t.match(await h1.virsh("pool-list"), /default +active/);
    t.match(await h1.virsh("net-list"), /default +active/);
    t.match(await h2.virsh("nodeinfo"), /CPU\(s\): +40\n.*Memory size: +134217728 KiB/s);
    await h3.hardware({ cpus: 64, memoryMiB: 4096 });
    await h3.powerOff();
    await h3.powerOn();
    t.match(await h3.virsh("nodeinfo"), /CPU\(s\): +64\n.*Memory size: +4194304 KiB/s);
    t.match(await h3.virsh("nodememstats"), /total *: +4194304 KiB/);
  });

  await t.test("hosts reach one another: a guest migrates", async (t) => {
    await h1.virsh("start", "guest");
    await h2.virsh("undefine", "guest");
    const flags = ["--live", "--p2p", "--persistent", "--undefinesource"];
    await h1.virsh("migrate", ...flags, "guest", "qemu+ssh://root@h2/system");
    t.same([namesOn(h1), namesOn(h2)], [[], ["guest"]]);
    await h2.virsh("destroy", "guest");
    await h1.define(domain("guest"));
  });

  await t.test("after a power loss everything is gone but the disks, and nobody was told", async (t) => {
    await h1.virsh("start", "guest");
    t.same(namesOn(h1), ["guest"]);
    await using line = await greet(h1);
    await h1.powerOff();
    t.same(namesOn(h1), []);
    await t.rejects(h1.virsh("list"), /h1 is off/);
    t.equal(await attempt(h1), "silence");
    t.notOk(line.isEnded(), "no FIN, no RST");
    await h1.powerOn();
    t.same(namesOn(h1), []);
    t.equal((await h1.virsh("domstate", "guest")).trim(), "shut off");
    await h1.powerOn();
  });

  await t.test("a cut cable loses what is sent, and a healed one delivers it", async (t) => {
    await using line = await greet(h1);
    await h1.cut();
    t.equal(await attempt(h1), "silence");
    await h1.powerOff();
    await h1.powerOn();
    t.equal(await attempt(h1), "silence");
    t.equal((await h1.virsh("hostname")).trim(), "h1", "the truth is still to be had");
    t.notOk(line.isEnded());
    await h1.heal();
    t.same(await domainNames(h1.uri("tcp")), ["guest"]);
    line.socket.write("SSH-2.0-lost\r\n");
    await eventually("the host knows nothing of the old connection", async () => line.isEnded() || undefined);
  });

  await t.test("a short cut is not noticed by a connection", async (t) => {
    await using line = await greet(h2);
    await h2.cut();
    line.socket.write("SSH-2.0-lost\r\n");
    t.equal(await attempt(h2), "silence");
    await h2.heal();
    await eventually("the answer arrives", async () => line.socket.bytesRead > 200 || undefined);
    t.notOk(line.isEnded());
  });

  await t.test("a slow cable is slow both ways, until it is healed", async (t) => {
    const bytes = 1_000_000;
    await h1.slow("4mbit");
    const both = async () => [await transfer(h1, bytes, "from"), await transfer(h1, bytes, "to")];
    const slow = await both();
    await h1.heal();
    const fast = await both();
    t.comment(`1 MB from and to the host, ms: at 4 Mbit/s ${slow}, healed ${fast}`);
    for (const ms of slow) t.ok(ms > 1_200, "2000 ms by the rate");
    t.ok(Math.max(...fast) < Math.min(...slow));
  });

  await t.test(
    "a frozen libvirtd hangs whoever connects, a killed one refuses; guests live on",
    async (t) => {
      await h1.virsh("start", "guest");
      await h1.freeze("libvirtd");
      const hung = await h1.exec(["timeout", "1", "virsh", "list"]);
      t.equal(hung.code, 124);
      await h1.thaw("libvirtd");
      t.match(await h1.virsh("list"), /guest/);
      await h1.kill("libvirtd");
      await t.rejects(domainNames(h1.uri("unix")), /ECONNREFUSED/);
      await t.rejects(domainNames(h1.uri("tcp")), /ECONNREFUSED/);
      t.same(namesOn(h1), ["guest"]);
      await h1.start("libvirtd");
      t.match(await h1.virsh("list"), /guest +running/);
      await h1.stop("libvirtd");
      await t.rejects(domainNames(h1.uri("unix")), /ENOENT/);
      t.same(namesOn(h1), ["guest"]);
      await h1.start("libvirtd");
      await h1.kill("virtlogd");
      t.match(await h1.virsh("list"), /guest +running/);
      await h1.start("virtlogd");
    },
  );

  await t.test("a frozen guest is frozen, a killed one has crashed", async (t) => {
    await h1.freeze("qemu:guest");
    t.equal((await h1.virsh("domstate", "guest")).trim(), "running", "libvirt does not notice");
    await h1.thaw("qemu:guest");
    await h1.kill("qemu:guest");
    t.same(namesOn(h1), []);
    const crashed = async () => /crashed/.test(await h1.virsh("domstate", "guest", "--reason")) || undefined;
    await eventually("libvirt has noticed", crashed);
    await t.rejects(h1.kill("qemu:guest"), /no qemu:guest runs on h1/);
  });

  await t.test("a frozen sshd takes connections and says nothing, a killed one refuses", async (t) => {
    await h1.freeze("sshd");
    const socket = connect({ host: h1.address, port: 22 });
    await once(socket, "connect");
    await h1.thaw("sshd");
    const [banner] = await once(socket, "data");
    t.match(String(banner), /^SSH-2.0/, "only now");
    socket.destroy();
    await h1.kill("sshd");
    await t.rejects(domainNames(h1.uri("ssh")), /ECONNREFUSED/);
    await h1.start("sshd");
    t.same(await domainNames(h1.uri("ssh")), ["guest"]);
  });
});

t.test("two labs side by side know nothing of each other, and leave nothing behind", options, async (t) => {
  const starting = [startLab({ hosts: 1 }), startLab({ hosts: 2 })] as const;
  await using small = await starting[0];
  await using large = await starting[1];
  const [one, two] = [small.host("h1"), large.host("h1")];
  t.not(one.address, two.address);
  await one.define(domain("guest"));
  await two.cut();
  t.same(await domainNames(one.uri("ssh")), ["guest"]);
  await two.heal();
  t.same(await domainNames(two.uri("ssh")), []);
  await small.stop();
  t.same(await domainNames(two.uri("tcp")), [], "the other goes on");
  await large.stop();
  for (const { directory, network } of [small, large]) {
    t.notOk(existsSync(directory));
    t.notOk(addresses().includes(`${network}.1`));
  }
});

t.test("a lab ends with the process that started it", options, async (t) => {
  const program = `
    const { startLab } = await import(${JSON.stringify(new URL("lab.ts", import.meta.url))});
    const { directory, network } = await startLab({ hosts: 1 });
    console.log(directory + " " + network);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
  const [line] = await once(child.stdout, "data");
  const [directory = "", network] = String(line).trim().split(" ");
  t.ok(existsSync(directory));
  t.ok(addresses().includes(`${network}.1`));
  child.kill("SIGKILL");
  await eventually("its files are gone", async () => !existsSync(directory) || undefined);
  t.notOk(addresses().includes(`${network}.1`));
});

t.test("what a run left that was killed with all its helpers is removed by the next", options, async (t) => {
  const owner = spawn("sleep", ["1000"]);
  const left = join(tmpdir(), `ostler-lab-${owner.pid}-left`);
  await mkdir(left);
  await runLab(left, ["up", "1"]);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  await using lab = await startLab({ hosts: 1 });
  // Another test file may have been first, and not be done yet.
  await eventually("nothing is left", async () => !existsSync(left) || undefined);
  t.equal(addresses().filter((address) => address.startsWith(`${lab.network}.`)).length, 1);
});

t.test("people play with a lab from the command line", options, async (t) => {
  const directory = join(tmpdir(), `ostler-lab-${process.pid}-played`);
  const lab = (...argv: readonly string[]) => runLab(directory, argv);
  t.match(await lab(), /^usage: npm run lab -- COMMAND/);
  await t.rejects(lab("status"), /is not up; begin with: npm run lab -- up/);
  t.teardown(() => lab("down"));
  const told = await lab("up", "2");
  t.match(told, /bin\/ostler serve .*--host h1=qemu\+ssh:.*--host h2=qemu\+ssh:/s);
  t.equal(await lab("up", "2"), told, "once more changes nothing");
  await lab("freeze", "h1", "libvirtd");
  await lab("cut", "h1", "h2");
  await lab("power-off", "h2");
  t.match((await lab("status")).split("\n"), [
    /^h1 .* on {2}cable cut {2}libvirtd frozen/,
    /^h2 .* off {2}cable cut/,
  ]);
  await t.rejects(lab("cut", "h3"), /there is no host 'h3'; there are: h1 h2/);
  await t.rejects(lab("stop", "h1", "init"), /'init' is not one of/);
  await t.rejects(lab("hardware", "h1", "cpus=many"), /'cpus=many' is not/);
  await t.rejects(lab("explode"), /no command 'explode'/);
  await lab("thaw", "h1", "libvirtd");
  await lab("up", "3");
  t.match((await lab("status")).split("\n"), [
    /^h1 .* cut /,
    /^h2 .* on {2}cable cut /,
    /^h3 .* on {2}cable plugged/,
  ]);
  await lab("down");
  await lab("down");
  t.notOk(existsSync(directory));
});

/** Of this machine. */
function addresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((found = []) => found.map(({ address }) => address));
}

function domain(name: string): string {
  const devices = "<devices><controller type='usb' model='none'/><memballoon model='none'/></devices>";
  const content = `<name>${name}</name><memory unit='MiB'>16</memory><os><type>hvm</type></os>${devices}`;
  return `<domain type='qemu'>${content}</domain>`;
}

function namesOn(host: LabHost): readonly string[] {
  return [...host.guests().keys()];
}

async function uuidOf(host: LabHost): Promise<string> {
  return /<uuid>(.*?)<\/uuid>/.exec(await host.virsh("capabilities"))?.[1] ?? "";
}

interface Line extends AsyncDisposable {
  readonly socket: Socket;
  isEnded(): boolean;
}

/** A connection to the host's sshd on which its greeting has arrived. */
async function greet(host: LabHost): Promise<Line> {
  const socket = connect({ host: host.address, port: 22 });
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  socket.on("end", end).on("error", end).on("close", end);
  await once(socket, "data");
  socket.resume();
  return {
    socket,
    isEnded: () => ended,
    [Symbol.asyncDispose]: async () => void socket.destroy(),
  };
}

/** What becomes of a connection: within half a second it is neither taken nor refused. */
function attempt(host: LabHost): Promise<string> {
  const socket = connect({ host: host.address, port: 22, timeout: 500 });
  const result = new Promise<string>((resolve) => {
    socket.once("connect", () => resolve("taken"));
    socket.once("timeout", () => resolve("silence"));
    // Nobody tells the address of the host any more: that is silence, too.
    socket.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code === "EHOSTUNREACH" ? "silence" : String(code)),
    );
  });
  return result.finally(() => socket.destroy());
}

/** How long bytes take from the host, or to it, in milliseconds. */
async function transfer(host: LabHost, bytes: number, direction: "from" | "to"): Promise<number> {
  const gateway = host.address.replace(/\d+$/, "1");
  const server = createServer((socket) => {
    if (direction === "to") socket.end(Buffer.alloc(bytes));
    else socket.resume();
  });
  server.listen(0, gateway);
  await once(server, "listening");
  const taken = once(server, "connection").then(async ([socket]) => {
    const began = performance.now();
    await once(socket, "close");
    return Math.round(performance.now() - began);
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const copy = direction === "to" ? "cat <&3 >/dev/null" : `head -c ${bytes} /dev/zero >&3`;
  await host.exec(["bash", "-c", `exec 3<>/dev/tcp/${gateway}/${port}; ${copy}`]);
  server.close();
  return taken;
}
