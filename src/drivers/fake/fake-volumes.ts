import { StatusError } from "../../runtime/errors.ts";
import { checkDomainVolume } from "../definition.ts";
import type { DomainVolume, VolumeReading } from "../driver.ts";
import { checkVolumeName } from "../volume-name.ts";
import type { FakeDomain } from "./fake-domain.ts";
import type { FakeHost } from "./fake-host.ts";
import { type FakePool, lengthOf } from "./fake-pool.ts";

/** As QEMU does when it opens its disks: all must be there, and no other process may have one. */
export function openVolumes(host: FakeHost, pool: FakePool, domain: FakeDomain): void {
  const { disks = [], volumes = [] } = domain.observed.definition ?? {};
  const missing = disks.find((disk) => !pool.has(disk.volume));
  if (missing !== undefined) throw notStarted(domain, `cannot access storage file "${missing.volume}"`);
  for (const volume of volumes) lockVolume(host, pool, domain, volume);
}

/** Gives the process the volume unless it has it. */
export function attachVolume(host: FakeHost, pool: FakePool, domain: FakeDomain, volume: DomainVolume): void {
  checkDomainVolume(volume);
  if (!domain.active) throw new StatusError("OperationInvalid", `domain "${domain.domainName}" does not run`);
  if (!domain.volumes.some((other) => other.volume === volume.volume)) lockVolume(host, pool, domain, volume);
  domain.plug(volume);
}

/** Grows a volume of a running domain. */
export function growVolume(
  pool: FakePool,
  domain: FakeDomain,
  { volume, format }: DomainVolume,
  capacityBytes: number,
): void {
  if (!domain.volumes.some((other) => other.volume === volume)) {
    throw new StatusError("NotFound", `domain "${domain.domainName}" does not have volume "${volume}"`);
  }
  pool.ensure({ volume, capacityBytes, format });
}

/** Reads until the link is lost. */
export function readVolume(pool: FakePool, volume: string, lost: AbortSignal): VolumeReading {
  checkVolumeName(volume);
  const chunks = pool.file(volume);
  return {
    sizeBytes: lengthOf(chunks),
    async *open(signal) {
      for (const chunk of chunks) {
        if (lost.aborted || signal.aborted) {
          throw new StatusError("OutcomeUnknown", `volume "${volume}" was not read to its end`);
        }
        yield chunk;
      }
    },
  };
}

function lockVolume(host: FakeHost, pool: FakePool, domain: FakeDomain, { volume }: DomainVolume): void {
  if (!pool.has(volume)) throw notStarted(domain, `cannot access storage file "${volume}"`);
  for (const other of host.domains) {
    if (other === domain || !other.volumes.some((held) => held.volume === volume)) continue;
    throw new StatusError("OperationInvalid", `Failed to get "write" lock: "${volume}" is in use`);
  }
}

function notStarted(domain: FakeDomain, why: string): StatusError {
  return new StatusError("InternalError", `domain "${domain.domainName}" did not start: ${why}`);
}
