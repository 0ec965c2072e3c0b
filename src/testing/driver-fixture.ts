import type { Test } from "tap";
import type { DomainDefinition, HostConnection, ObservedDomain, OwnershipMark } from "../drivers/driver.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import type { DriverUnderTest } from "./driver-contract.ts";

/** A connection of a cluster of its own, which leaves nothing behind. */
export interface DriverFixture {
  readonly host: DriverUnderTest;
  readonly connection: HostConnection;
  readonly clusterId: string;
  readonly signal: AbortSignal;
  /** A definition of a new machine; removed when the test ends. */
  define(change?: Partial<DomainDefinition>): DomainDefinition;
  /** A volume name that is deleted when the test ends. */
  volume(name: string): string;
  /** Another connection to the same host. */
  connect(clusterId?: string): Promise<HostConnection>;
  /** Removes a domain that somebody else made, when the test ends. */
  forget(uid: string): void;
}

/** Connects for one test. */
export async function driverFixture(t: Test, host: DriverUnderTest): Promise<DriverFixture> {
  const clusterId = systemRandom.uuid();
  const marks: OwnershipMark[] = [];
  const foreign: string[] = [];
  const volumes: string[] = [];
  const links: HostConnection[] = [];
  const signal = new AbortController().signal;
  const connect = async (id = clusterId): Promise<HostConnection> => {
    const link = await host.driver.connect({ uri: host.uri, clusterId: id, signal });
    links.push(link);
    await link.describe(signal);
    return link;
  };
  t.teardown(async () => {
    const cleaner = await host.driver.connect({ uri: host.uri, clusterId, signal });
    for (const mark of marks) await removeDomain(cleaner, mark, signal);
    for (const volume of volumes) await cleaner.deleteVolume(volume, signal);
    for (const uid of foreign) {
      await host.outside.destroy(uid).catch(() => undefined);
      await host.outside.undefine(uid).catch(() => undefined);
    }
    await Promise.all([...links, cleaner].map((link) => link[Symbol.asyncDispose]()));
  });
  return {
    host,
    clusterId,
    signal,
    connect,
    connection: await connect(),
    define: (change) => {
      const definition = newDefinition(host, clusterId, change);
      marks.push(definition.mark);
      return definition;
    },
    volume: (name) => {
      volumes.push(name);
      return name;
    },
    forget: (uid) => void foreign.push(uid),
  };
}

/** Waits until the domain looks as wanted, in real time; fails after 10 s with what it looks like. */
export async function eventually(
  fixture: DriverFixture,
  uid: string,
  wanted: (domain: ObservedDomain | undefined) => boolean,
): Promise<ObservedDomain | undefined> {
  const deadline = systemClock.monotonic() + 10_000;
  for (;;) {
    const domain = await fixture.connection.observeDomain(uid, fixture.signal);
    if (wanted(domain)) return domain;
    if (systemClock.monotonic() > deadline) throw new Error(`after 10 s it is ${JSON.stringify(domain)}`);
    await pause(20);
  }
}

/** Real time; unlike a clock's timer it keeps the process alive. */
export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

async function removeDomain(link: HostConnection, mark: OwnershipMark, signal: AbortSignal): Promise<void> {
  const found = await link.observeDomain(mark.uid, signal);
  if (found?.mark?.clusterId !== mark.clusterId) return;
  await link.destroyDomain(mark, signal);
  await link.undefineDomain(mark, signal);
}

function newDefinition(
  host: DriverUnderTest,
  clusterId: string,
  change: Partial<DomainDefinition> = {},
): DomainDefinition {
  const uid = systemRandom.uuid();
  const name = `contract-${uid.slice(0, 8)}`;
  return {
    mark: { clusterId, namespace: "default", name, uid, epoch: 1 },
    domainName: name,
    accelerator: host.accelerator,
    cpus: 1,
    memoryBytes: 64 * 2 ** 20,
    disks: [],
    networks: [],
    ...change,
  };
}
