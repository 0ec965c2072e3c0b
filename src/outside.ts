import { homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { HostKeys } from "./api/host-keys.ts";
import type { Driver } from "./drivers/driver.ts";
import { FakeDriver } from "./drivers/fake/fake-driver.ts";
import type { FakeHypervisor } from "./drivers/fake/fake-hypervisor.ts";
import { DriverRegistry } from "./drivers/registry.ts";
import { ImageSource } from "./images/image-source.ts";
import type { ImageStore } from "./images/image-store.ts";
import { isPublicAddress } from "./images/public-address.ts";
import { systemClock as clock } from "./runtime/clock.ts";
import { Lazy } from "./runtime/lazy.ts";
import { systemRandom as random } from "./runtime/random.ts";

const fetchTimeoutMs = 3_600_000;
const maxImageBytes = 2 ** 40;

/** The drivers of all hypervisors there are; libvirt's is loaded with the first host. */
export function realDriver(
  hypervisor: FakeHypervisor,
  stateDirectory: string,
  mayAct: () => boolean,
): Driver {
  const loaded = new Lazy(async () => {
    const { LibvirtDriver } = await import("./drivers/libvirt/libvirt-driver.ts");
    return new LibvirtDriver({ clock, random, mayAct, surroundings: surroundings(stateDirectory) });
  });
  const libvirt: Driver = { connect: async (options) => (await loaded.get()).connect(options) };
  return new DriverRegistry({ fake: new FakeDriver(hypervisor), qemu: libvirt, test: libvirt });
}

/** Image content from files of this machine and from the net. */
export function realContent(stateDirectory: string, imageDirs: readonly string[]): ImageStore {
  const directory = join(stateDirectory, "images");
  return new ImageSource({
    directories: [directory, ...imageDirs.map((path) => resolve(path))],
    downloadDirectory: join(directory, "downloads"),
    async *fetch(url, signal) {
      const { httpsFetch } = await import("./images/https-fetch.ts");
      yield* httpsFetch(url, {
        clock,
        signal,
        maxBytes: maxImageBytes,
        timeoutMs: fetchTimeoutMs,
        idleTimeoutMs: 60_000,
        isAllowedAddress: isPublicAddress,
      });
    },
  });
}

/** The SSH keys of hosts; `onTrusted` is told of a Host whose key has been confirmed. */
export function realHostKeys(stateDirectory: string, onTrusted: (hostName: string) => void): HostKeys {
  const keys = new Lazy(async () => {
    const { SshHostKeys } = await import("./drivers/libvirt/ssh-host-keys.ts");
    return new SshHostKeys(surroundings(stateDirectory));
  });
  return {
    look: async ({ uri }, signal) => (await keys.get()).look(uri, signal),
    async trust({ name, uri }, fingerprint, signal) {
      const trusted = await (await keys.get()).trust(uri, fingerprint, signal);
      onTrusted(name);
      return trusted;
    },
    forget: async ({ uri }) => (await keys.get()).forget(uri),
  };
}

/** Where SSH finds keys and known hosts: in a directory of ours, and as in a shell of who runs this. */
function surroundings(stateDirectory: string) {
  return {
    home: homedir(),
    username: userInfo().username,
    sshAgent: process.env.SSH_AUTH_SOCK,
    sshDirectory: join(stateDirectory, "ssh"),
  };
}
