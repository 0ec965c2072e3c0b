import { homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { HostKeys } from "./api/host-keys.ts";
import type { Driver } from "./drivers/driver.ts";
import { FakeDriver } from "./drivers/fake/fake-driver.ts";
import type { FakeHypervisor } from "./drivers/fake/fake-hypervisor.ts";
import { LibvirtDriver } from "./drivers/libvirt/libvirt-driver.ts";
import { SshHostKeys } from "./drivers/libvirt/ssh-host-keys.ts";
import { DriverRegistry } from "./drivers/registry.ts";
import { httpsFetch } from "./images/https-fetch.ts";
import { ImageSource } from "./images/image-source.ts";
import type { ImageStore } from "./images/image-store.ts";
import { isPublicAddress } from "./images/public-address.ts";
import { systemClock as clock } from "./runtime/clock.ts";
import { systemRandom as random } from "./runtime/random.ts";

const fetchTimeoutMs = 3_600_000;
const maxImageBytes = 2 ** 40;

/** The drivers of all hypervisors there are. */
export function realDriver(
  hypervisor: FakeHypervisor,
  stateDirectory: string,
  mayAct: () => boolean,
): Driver {
  const libvirt = new LibvirtDriver({ clock, random, mayAct, surroundings: surroundings(stateDirectory) });
  return new DriverRegistry({ fake: new FakeDriver(hypervisor), qemu: libvirt, test: libvirt });
}

/** Image content from files of this machine and from the net. */
export function realContent(stateDirectory: string, imageDirs: readonly string[]): ImageStore {
  const directory = join(stateDirectory, "images");
  return new ImageSource({
    directories: [directory, ...imageDirs.map((path) => resolve(path))],
    downloadDirectory: join(directory, "downloads"),
    fetch: (url, signal) =>
      httpsFetch(url, {
        clock,
        signal,
        maxBytes: maxImageBytes,
        timeoutMs: fetchTimeoutMs,
        idleTimeoutMs: 60_000,
        isAllowedAddress: isPublicAddress,
      }),
  });
}

/** The SSH keys of hosts; `onTrusted` is told of a Host whose key has been confirmed. */
export function realHostKeys(stateDirectory: string, onTrusted: (hostName: string) => void): HostKeys {
  const keys = new SshHostKeys(surroundings(stateDirectory));
  return {
    look: ({ uri }, signal) => keys.look(uri, signal),
    async trust({ name, uri }, fingerprint, signal) {
      const trusted = await keys.trust(uri, fingerprint, signal);
      onTrusted(name);
      return trusted;
    },
    forget: ({ uri }) => keys.forget(uri),
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
