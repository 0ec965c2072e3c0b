import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LibvirtDriver } from "../drivers/libvirt/libvirt-driver.ts";
import { LibvirtClient } from "../drivers/libvirt/rpc/libvirt-client.ts";
import { connectUnix } from "../drivers/libvirt/transport/unix.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import type { DriverUnderTest } from "./driver-contract.ts";
import { type LibvirtHost, startLibvirtHost } from "./libvirt-host.ts";
import { startSshServer } from "./ssh-server.ts";

type Hypervisor = "qemu" | "test";

const paths = { qemu: "/system", test: "/default" } as const;

/** A driver that connects as the person running the tests would. */
export function libvirtDriver(): LibvirtDriver {
  const surroundings = { home: "/root", username: "root" };
  return new LibvirtDriver({ clock: systemClock, random: systemRandom, surroundings });
}

/** How to reach a host's libvirtd by its socket. */
export function libvirtUri(host: LibvirtHost, hypervisor: Hypervisor): string {
  return `${hypervisor}+unix://${paths[hypervisor]}?socket=${host.socketPath}`;
}

/** How to reach a host's libvirtd through an sshd of its own. */
async function sshUri(host: LibvirtHost, hypervisor: Hypervisor): Promise<string> {
  const { keyFile, knownHosts } = await startSshServer(host);
  const knownHostsFile = join(host.directory, "known_hosts");
  await writeFile(knownHostsFile, knownHosts);
  const query = `keyfile=${keyFile}&known_hosts=${knownHostsFile}`;
  return `${hypervisor}+ssh://root@${host.address}${paths[hypervisor]}?${query}`;
}

/** A real libvirtd of its own, reached by its socket or by SSH, with virsh as the outside hand. */
export async function libvirtUnderTest(
  hypervisor: Hypervisor,
  transport: "unix" | "ssh",
): Promise<DriverUnderTest> {
  const host = await startLibvirtHost();
  const socketUri = libvirtUri(host, hypervisor);
  const uri = transport === "unix" ? socketUri : await sshUri(host, hypervisor);
  const virsh = (argv: readonly string[]) => runVirsh(socketUri, argv);
  // The test driver forgets everything when its last connection closes.
  const keep = async () =>
    LibvirtClient.open(await connectUnix([host.socketPath]), {
      driverUri: `${hypervisor}://${paths[hypervisor]}`,
      clock: systemClock,
    });
  let keeper = await keep();
  return {
    driver: libvirtDriver(),
    uri,
    unreachableUri: `${hypervisor}+unix://${paths[hypervisor]}?socket=/nonexistent/libvirt-sock`,
    accelerator: hypervisor,
    outside: {
      async defineForeign(uid, domainName) {
        const path = join(host.directory, `${uid}.xml`);
        await writeFile(path, foreignXml(hypervisor, uid, domainName));
        await virsh(["define", path]);
        await virsh(["start", uid]);
      },
      fingerprint: async (uid) =>
        `${await virsh(["dumpxml", "--inactive", uid])}${await virsh(["domstate", "--reason", uid])}`,
      setCpus: async (uid, cpus) => void (await virsh(["setvcpus", uid, String(cpus), "--config"])),
      start: async (uid) => void (await virsh(["start", uid])),
      pause: async (uid) => void (await virsh(["suspend", uid])),
      destroy: async (uid) => void (await virsh(["destroy", uid])),
      undefine: async (uid) => void (await virsh(["undefine", uid])),
      killProcess: async (uid) => void process.kill(qemuPid(uid), "SIGKILL"),
      readVolume: (clusterId, volume) =>
        readFile(join(host.directory, "lib/images", `ostler-${clusterId.slice(0, 8)}`, volume)),
      async breakLinks() {
        await keeper.close();
        await host.restart();
        keeper = await keep();
      },
    },
    async [Symbol.asyncDispose]() {
      await keeper.close();
      await host.stop();
    },
  };
}

/** The process of a running domain. */
export function qemuPid(uid: string): number {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => commandLine(pid).includes(`\0-uuid\0${uid}\0`));
  if (found === undefined) throw new Error(`no QEMU runs domain ${uid}`);
  return Number(found);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it ended
  }
}

/** Runs virsh from outside the host; rejects with what it says. */
export function runVirsh(uri: string, argv: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("virsh", ["-c", uri, ...argv], { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`virsh ${argv.join(" ")}: ${stderr.trim()}`));
      else resolve(stdout);
    });
  });
}

function foreignXml(hypervisor: Hypervisor, uid: string, domainName: string): string {
  return `<domain type='${hypervisor}'><name>${domainName}</name><uuid>${uid}</uuid>
    <memory unit='MiB'>64</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>`;
}
