import type { Driver } from "../drivers/driver.ts";
import type { FakeDomain } from "../drivers/fake/fake-domain.ts";
import type { FakeHypervisor } from "../drivers/fake/fake-hypervisor.ts";
import { interceptDriver, mutatingVerbs, type VerbCall } from "./intercept-driver.ts";

const ourVolume = /^(vm-[0-9a-f-]{36}-|image-[0-9a-f]{40}\.|volume-[0-9a-f-]{36}\.)/;
const opening: ReadonlySet<string> = new Set(["startDomain", "attachVolume"]);

/**
 * Watches over what a controller does to hosts, on the ground truth: nothing that is not ours is touched,
 * and no machine runs twice. Breaches are listed, not thrown: a controller would only retry.
 */
export class HostInvariants {
  readonly breaches: string[] = [];
  readonly #hypervisor: FakeHypervisor;
  readonly #clusterId: string;

  constructor(hypervisor: FakeHypervisor, clusterId: string) {
    this.#hypervisor = hypervisor;
    this.#clusterId = clusterId;
  }

  /** The driver under watch. */
  watch(driver: Driver): Driver {
    return interceptDriver(driver, async (call, perform) => {
      if (mutatingVerbs.has(call.verb)) this.#checkTarget(call);
      this.#checkUnused(call);
      const result = await perform();
      if (call.verb === "startDomain") this.#checkSingle(call);
      if (opening.has(call.verb)) this.#checkVolumes();
      return result;
    });
  }

  #checkTarget({ hostName, verb, args }: VerbCall): void {
    const [target] = args;
    if (typeof target === "string") {
      if (!ourVolume.test(target)) this.breaches.push(`${verb} of volume ${target} on ${hostName}`);
      return;
    }
    const uid = uidIn(target);
    const domain = uid === undefined ? undefined : this.#find(hostName, uid);
    if (domain === undefined || domain.observed.mark?.clusterId === this.#clusterId) return;
    this.breaches.push(`${verb} of foreign domain ${domain.domainName} on ${hostName}`);
  }

  #checkSingle({ args }: VerbCall): void {
    const uid = uidIn(args[0]) ?? "";
    const hosts = [...this.#hypervisor.hosts].filter((host) => host.findDomain(uid)?.active);
    if (hosts.length > 1)
      this.breaches.push(`${uid} runs on ${hosts.map((host) => host.name).join(" and ")}`);
  }

  /** Nothing is deleted or written over that a process has open. */
  #checkUnused({ hostName, verb, args: [target] }: VerbCall): void {
    if (verb !== "deleteVolume" && verb !== "ensureContent") return;
    const isContent = typeof target === "object" && target !== null && "volume" in target;
    const name = isContent ? target.volume : target;
    for (const host of this.#hypervisor.hosts) {
      if (host.name !== hostName && verb === "deleteVolume") continue;
      const user = [...host.domains].find((domain) => domain.volumes.some(({ volume }) => volume === name));
      if (user !== undefined) this.breaches.push(`${verb} of ${name}, which ${user.uid} has open`);
    }
  }

  /** No volume is open in two processes, wherever they are. */
  #checkVolumes(): void {
    const holders = new Map<string, string>();
    for (const host of this.#hypervisor.hosts) {
      for (const domain of host.domains) {
        for (const { volume } of domain.volumes) {
          const other = holders.get(volume);
          if (other !== undefined) this.breaches.push(`${volume} is open in ${other} and ${domain.uid}`);
          holders.set(volume, domain.uid);
        }
      }
    }
  }

  #find(hostName: string, uid: string): FakeDomain | undefined {
    return [...this.#hypervisor.hosts].find((host) => host.name === hostName)?.findDomain(uid);
  }
}

/** The uid in a mark or in a definition. */
function uidIn(target: unknown): string | undefined {
  if (typeof target !== "object" || target === null) return undefined;
  if ("mark" in target) return uidIn(target.mark);
  return "uid" in target && typeof target.uid === "string" ? target.uid : undefined;
}
