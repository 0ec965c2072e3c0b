import { join } from "node:path";
import type { Test } from "tap";
import type { DomainDefinition, HostConnection } from "../drivers/driver.ts";
import { HostLinks } from "../drivers/libvirt/host-links.ts";
import { openLink } from "../drivers/libvirt/transport/link.ts";
import { parseLibvirtUri } from "../drivers/libvirt/transport/uri.ts";
import type { Clock } from "../runtime/clock.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import { pause } from "./driver-fixture.ts";
import {
  type LibvirtHost,
  type LibvirtHostOptions,
  libvirtAvailable,
  startLibvirtHost,
} from "./libvirt-host.ts";
import { libvirtDriver, libvirtUri, runVirsh } from "./libvirt-under-test.ts";

/** A host with a real libvirtd, and ways to it. All of it ends with the test. */
export interface LibvirtFixture {
  readonly host: LibvirtHost;
  readonly clusterId: string;
  readonly signal: AbortSignal;
  /** Where the cluster's volumes are, as seen from outside the host. */
  readonly poolDirectory: string;
  connect(clusterId?: string): Promise<HostConnection>;
  openLinks(clock?: Clock): Promise<HostLinks>;
  virsh(...argv: readonly string[]): Promise<string>;
  /** A definition of a new machine without disks. */
  define(change?: Partial<DomainDefinition>): DomainDefinition;
}

/** Runs `body` with a host of its own; skips, saying why, where there is no libvirt. */
export async function withLibvirt(
  t: Test,
  hypervisor: "qemu" | "test",
  body: (fixture: LibvirtFixture) => Promise<void>,
  options: LibvirtHostOptions = {},
): Promise<void> {
  const { available, reason } = libvirtAvailable();
  if (!available) {
    t.pass("no libvirt here", { skip: reason });
    return;
  }
  await using cleanup = new AsyncDisposableStack();
  const host = cleanup.use(await startLibvirtHost(options));
  const uri = libvirtUri(host, hypervisor);
  const clusterId = systemRandom.uuid();
  const { signal } = new AbortController();
  const driver = libvirtDriver();
  await body({
    host,
    clusterId,
    signal,
    poolDirectory: join(host.directory, "lib/images", `ostler-${clusterId.slice(0, 8)}`),
    connect: async (id = clusterId) => cleanup.use(await driver.connect({ uri, clusterId: id, signal })),
    openLinks: async (clock = systemClock) => {
      const target = parseLibvirtUri(uri);
      const link = await openLink(target, { home: "/root", username: "root" });
      return cleanup.use(await HostLinks.open({ link, driverUri: target.driverUri, clock }, signal));
    },
    virsh: (...argv) => runVirsh(uri, argv),
    define: (change = {}) => newDefinition(clusterId, hypervisor, change),
  });
}

/** Waits in real time until it is so; fails after 10 s. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = systemClock.monotonic() + 10_000;
  while (!(await condition())) {
    if (systemClock.monotonic() > deadline) throw new Error("did not happen within 10 s");
    await pause(10);
  }
}

function newDefinition(
  clusterId: string,
  accelerator: "qemu" | "test",
  change: Partial<DomainDefinition>,
): DomainDefinition {
  const uid = systemRandom.uuid();
  const name = `vm-${uid.slice(0, 8)}`;
  return {
    mark: { clusterId, namespace: "default", name, uid, epoch: 1 },
    domainName: name,
    accelerator,
    cpus: 1,
    memoryBytes: 64 * 2 ** 20,
    disks: [],
    networks: [],
    ...change,
  };
}
