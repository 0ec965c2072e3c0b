import { StatusError } from "../../runtime/errors.ts";
import type { Random } from "../../runtime/random.ts";
import type { Accelerator } from "../../schema/host.ts";
import { type DomainCache, domainRef } from "./domain-cache.ts";
import { isActive } from "./domain-state.ts";
import { cpu, type HostProfile, machineOf, metadataUri, volumePath } from "./domain-xml.ts";
import type { HostLinks } from "./host-links.ts";
import { Limiter } from "./limiter.ts";
import { probeGuest, signOfLife } from "./probe-guest.ts";
import { errorCode, isLibvirtError, LibvirtError } from "./rpc/errors.ts";
import type { LibvirtClient } from "./rpc/libvirt-client.ts";
import type { CallOptions } from "./rpc/pending-call.ts";
import { connectCalls } from "./rpc/procedures-connect.ts";
import { createFlag, domainCalls } from "./rpc/procedures-domain.ts";
import type { DomainRef } from "./rpc/types.ts";
import { readState } from "./state-reader.ts";
import type { Uploads } from "./upload.ts";
import { probeVolume } from "./volumes.ts";
import { textElement, writeXml, xml } from "./xml-writer.ts";

/** From the start of the guest to its first word. Starting and ending it takes up to ten seconds more. */
const lifeMs = 20_000;

const namePrefix = "ostler-probe-";

export interface ProbeOptions {
  readonly links: HostLinks;
  readonly cache: DomainCache;
  readonly uploads: Uploads;
  readonly profile: HostProfile;
  readonly clusterId: string;
  readonly random: Random;
}

/**
 * Finds out whether an accelerator really runs guests, by running one with the same machine and CPU as real
 * machines have. The guest is transient and bound to a connection of its own: it ends with the probe, with
 * this process, and at the latest when the next probe finds it.
 *
 * Only on x86-64 must the guest speak; elsewhere it counts when QEMU still runs it after a moment.
 */
export class Probe {
  readonly #options: ProbeOptions;
  readonly #turn = new Limiter(1);

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** False when the guest does not start or does not speak in time. */
  run(accelerator: Accelerator, signal: AbortSignal): Promise<boolean> {
    return this.#turn.run(() => this.#run(accelerator, signal));
  }

  async #run(accelerator: Accelerator, signal: AbortSignal): Promise<boolean> {
    const { links, uploads } = this.#options;
    await this.#removeLeftovers({ signal });
    const speaks = this.#mustSpeak(accelerator);
    if (speaks) await uploads.ensure(probeContent, signal);
    await using client = await links.openThird(signal);
    const domain = await this.#start(client, accelerator, { signal });
    if (domain === undefined) return false;
    try {
      return await (speaks ? this.#hears(client, domain, signal) : this.#staysUp(domain, signal));
    } finally {
      await this.#end(domain);
    }
  }

  #mustSpeak(accelerator: Accelerator): boolean {
    return accelerator !== "test" && this.#options.profile.architecture === "x86_64";
  }

  async #start(
    client: LibvirtClient,
    accelerator: Accelerator,
    options: CallOptions,
  ): Promise<DomainRef | undefined> {
    const flags = accelerator === "test" ? 0 : createFlag.autodestroy;
    try {
      const args = { xml: this.#write(accelerator), flags };
      return (await client.call(domainCalls.createXml, args, options)).domain;
    } catch (error) {
      if (error instanceof LibvirtError) return undefined;
      throw error;
    }
  }

  /** Whether the sign of life comes over the console in time. */
  async #hears(client: LibvirtClient, domain: DomainRef, signal: AbortSignal): Promise<boolean> {
    const late = new AbortController();
    const timer = this.#options.links.clock.after(lifeMs, () => late.abort(new Error("silent")));
    const limits = AbortSignal.any([signal, late.signal]);
    let heard = "";
    try {
      const args = { domain, device: undefined, flags: 0 };
      for await (const chunk of client.download(domainCalls.openConsole, args, { signal: limits })) {
        heard = (heard + chunk.toString("latin1")).slice(-1000);
        if (heard.includes(signOfLife)) return true;
      }
      return false;
    } catch (error) {
      if (error instanceof LibvirtError || (late.signal.aborted && !signal.aborted)) return false;
      throw error;
    } finally {
      timer.cancel();
    }
  }

  async #staysUp(domain: DomainRef, signal: AbortSignal): Promise<boolean> {
    const { links, profile } = this.#options;
    if (profile.architecture !== "i686") await links.clock.sleep(2000, signal);
    try {
      return (await readState(links, domain.uuid, { signal })).state === "running";
    } catch (error) {
      if (isLibvirtError(error, errorCode.noDomain)) return false;
      throw error;
    }
  }

  /** Not bound to the caller's signal: who gives up wants no guest left behind either. */
  async #end(domain: DomainRef): Promise<void> {
    try {
      await this.#options.links.call(domainCalls.destroy, { domain, flags: 0 }, {});
    } catch (error) {
      const gone = isLibvirtError(error, errorCode.noDomain, errorCode.operationInvalid);
      if (!gone && !(error instanceof StatusError)) throw error;
    }
  }

  /** Guests of a probe whose connection libvirtd forgot, as when it was restarted at that moment. */
  async #removeLeftovers(options: CallOptions): Promise<void> {
    const { links, cache, clusterId } = this.#options;
    const { domains } = await links.call(connectCalls.listAllDomains, { needResults: 1, flags: 0 }, options);
    for (const { name, uuid } of domains) {
      if (!name.startsWith(namePrefix)) continue;
      if ((await cache.getFresh(uuid))?.probeOf !== clusterId) continue;
      const { state } = await readState(links, uuid, options);
      if (isActive(state)) await this.#end(domainRef(uuid, name));
    }
  }

  #write(accelerator: Accelerator): string {
    const { profile, clusterId, random } = this.#options;
    const uid = random.uuid();
    const kernel = this.#mustSpeak(accelerator) && volumePath(profile.poolPath, probeVolume);
    const machine = machineOf(accelerator, profile.architecture);
    return writeXml(
      xml(
        "domain",
        { type: accelerator },
        textElement("name", `${namePrefix}${uid.slice(0, 8)}`),
        textElement("uuid", uid),
        xml("metadata", {}, xml("ostler:probe", { "xmlns:ostler": metadataUri, cluster: clusterId })),
        xml("memory", { unit: "KiB" }, String(32 * 1024)),
        xml("vcpu", {}, "1"),
        xml(
          "os",
          {},
          xml("type", { arch: profile.architecture, ...machine }, "hvm"),
          kernel && textElement("kernel", kernel),
        ),
        cpu(accelerator, profile),
        textElement("on_poweroff", "destroy"),
        textElement("on_reboot", "destroy"),
        textElement("on_crash", "destroy"),
        xml(
          "devices",
          {},
          xml("controller", { type: "usb", model: "none" }),
          xml("serial", { type: "pty" }, xml("target", { port: 0 })),
          xml("memballoon", { model: "none" }),
        ),
      ),
    );
  }
}

const probeContent = {
  volume: probeVolume,
  format: "raw",
  sizeBytes: probeGuest.length,
  open: async function* () {
    yield probeGuest;
  },
} as const;
