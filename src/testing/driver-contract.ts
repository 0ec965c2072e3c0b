import type { Test } from "tap";
import type { Driver } from "../drivers/driver.ts";
import type { Accelerator } from "../schema/host.ts";
import { addressContract } from "./driver-contract-addresses.ts";
import { attachContract } from "./driver-contract-attach.ts";
import { consoleContract } from "./driver-contract-console.ts";
import { domainContract } from "./driver-contract-domains.ts";
import { linkContract } from "./driver-contract-link.ts";
import { ownershipContract } from "./driver-contract-ownership.ts";
import { twiceContract } from "./driver-contract-twice.ts";
import { volumeContract } from "./driver-contract-volumes.ts";

/** What an implementation cannot show. Each missing one is told in the output as a skipped test. */
export interface DriverSupports {
  /** Volumes hold bytes: content can be uploaded and read back. */
  readonly uploads: boolean;
  /** Volumes can grow. */
  readonly growth: boolean;
  /** Guests react to the power button. */
  readonly obedientGuests: boolean;
  /** Each running domain has a process that can be killed. */
  readonly processes: boolean;
  /** Volumes are attached to running domains. */
  readonly hotplug: boolean;
  /** Running domains have a serial console. */
  readonly consoles: boolean;
  /** Guests let go of a volume when asked. */
  readonly releasingGuests: boolean;
  /** Guests on the network `default` get an address. */
  readonly addresses: boolean;
}

/** Somebody else with the same hypervisor: what they do is behind the back of the driver under test. */
export interface OutsideHands {
  /** Defines a domain without any mark, 1 CPU and 64 MiB, and starts it. */
  defineForeign(uid: string, domainName: string): Promise<void>;
  /** Whatever identifies the domain's definition and state, to see that nothing was touched. */
  fingerprint(uid: string): Promise<string>;
  setCpus(uid: string, cpus: number): Promise<void>;
  start(uid: string): Promise<void>;
  pause(uid: string): Promise<void>;
  destroy(uid: string): Promise<void>;
  undefine(uid: string): Promise<void>;
  /** Ends the process of a running domain with SIGKILL. */
  killProcess(uid: string): Promise<void>;
  /** The bytes of a volume in the cluster's pool. */
  readVolume(clusterId: string, volume: string): Promise<Uint8Array>;
  /** All links to the host are lost; new ones can be made when this resolves. Domains may be lost too. */
  breakLinks(): Promise<void>;
}

export interface DriverUnderTest extends AsyncDisposable {
  readonly driver: Driver;
  readonly uri: string;
  /** Where nobody answers. */
  readonly unreachableUri: string;
  readonly accelerator: Accelerator;
  readonly outside: OutsideHands;
}

export interface DriverImplementation {
  /** Makes one host, which all tests share. */
  readonly factory: () => Promise<DriverUnderTest>;
  readonly supports: DriverSupports;
}

/** Every rule in the docstrings of drivers/driver.ts as a test. What passes is a driver. */
export async function driverContract(t: Test, name: string, implementation: DriverImplementation) {
  await t.test(name, async (t) => {
    const { supports } = implementation;
    await using host = await implementation.factory();
    await domainContract(t, host, supports);
    await addressContract(t, host, supports);
    await ownershipContract(t, host);
    await volumeContract(t, host, supports);
    await attachContract(t, host, supports);
    await consoleContract(t, host, supports);
    await linkContract(t, host);
    await twiceContract(t, host);
  });
}
