import { StatusError } from "../runtime/errors.ts";
import type { DomainDefinition, DomainVolume } from "./driver.ts";
import { checkVolumeName } from "./volume-name.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const domainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const deviceName = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const sourceName = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/;
const macAddress = /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/;
const volumeTarget = /^vd[a-z]{2}$/;
const commandLine = /^[\x20-\x7e]{0,2048}$/;

/** Memory is given to hypervisors in KiB; this much at least. */
const minMemoryBytes = 1024 * 1024;

/**
 * Throws `Invalid` naming the field unless a hypervisor can be given this definition. The last gate: what
 * passes contains no path, no markup and no number that a host would read differently.
 */
export function checkDefinition(definition: DomainDefinition): void {
  const { mark, cpus, memoryBytes, disks, volumes = [], networks, kernelBoot } = definition;
  check(uuid.test(mark.uid), "mark.uid", mark.uid);
  check(Number.isSafeInteger(mark.epoch) && mark.epoch >= 0, "mark.epoch", mark.epoch);
  check(domainName.test(definition.domainName), "domainName", definition.domainName);
  check(Number.isInteger(cpus) && cpus >= 1 && cpus <= 512, "cpus", cpus);
  check(memoryBytes >= minMemoryBytes && memoryBytes % 1024 === 0, "memoryBytes", memoryBytes);
  check(Number.isSafeInteger(memoryBytes), "memoryBytes", memoryBytes);
  check(disks.length <= 24 && allDiffer(disks), "disks", disks.length);
  check(networks.length <= 16 && allDiffer(networks), "networks", networks.length);
  for (const disk of disks) {
    check(deviceName.test(disk.name), "disks.name", disk.name);
    checkVolumeName(disk.volume);
  }
  check(volumes.length <= 24 && allDiffer([...disks, ...volumes]), "volumes", volumes.length);
  check(
    areOrdered(volumes),
    "volumes",
    volumes.map(({ target }) => target),
  );
  for (const volume of volumes) checkDomainVolume(volume);
  for (const network of networks) {
    check(deviceName.test(network.name), "networks.name", network.name);
    check(sourceName.test(network.source.name), "networks.source", network.source.name);
    check(macAddress.test(network.macAddress), "networks.macAddress", network.macAddress);
  }
  if (kernelBoot === undefined) return;
  checkVolumeName(kernelBoot.kernel);
  if (kernelBoot.initrd !== undefined) checkVolumeName(kernelBoot.initrd);
  check(commandLine.test(kernelBoot.commandLine ?? ""), "kernelBoot.commandLine", kernelBoot.commandLine);
}

/** Throws `Invalid` naming the field unless a domain can be given this volume. */
export function checkDomainVolume({ name, volume, target }: DomainVolume): void {
  check(deviceName.test(name), "volumes.name", name);
  check(volumeTarget.test(target), "volumes.target", target);
  checkVolumeName(volume);
}

/** So that what is written is what is read back: hosts sort disks by their targets. */
function areOrdered(volumes: readonly DomainVolume[]): boolean {
  return volumes.every(({ target }, index) => target > (volumes[index - 1]?.target ?? ""));
}

function allDiffer(items: readonly { readonly name: string }[]): boolean {
  return new Set(items.map((item) => item.name)).size === items.length;
}

function check(valid: boolean, field: string, value: unknown): void {
  if (valid) return;
  throw new StatusError("Invalid", `${field} of a domain cannot be ${JSON.stringify(value) ?? "absent"}`);
}
