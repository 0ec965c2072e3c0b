import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Paths of what a small Linux boots from within seconds, even without KVM. 128 MiB of memory are enough. */
export interface TinyGuest {
  readonly kernel: string;
  readonly initrd: string;
  /** 16 MiB with an ext4 file system labelled `ostler-guest`; not bootable. */
  readonly disk: { readonly raw: string; readonly qcow2: string };
}

/** `tick`: counts every second; `exit`: powers off once up; `crash`: panics once up. */
export type TinyGuestMode = "tick" | "exit" | "crash" | "ignore-shutdown";

const root = join(import.meta.dirname, "../..");
const tools = ["cpio", "debugfs", "mkfs.ext4", "modprobe", "qemu-img"];

/** Whether a guest can be built here without installing or downloading anything. */
export function tinyGuestAvailable(): { available: boolean; reason: string } {
  const missing = tools.filter((tool) => !isReadable(tool, ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]));
  const kernels = isReadable("boot", ["/"])
    ? readdirSync("/boot").filter((name) => /^vmlinuz-/.test(name))
    : [];
  if (!kernels.some((name) => isReadable(name, ["/boot"]))) missing.push("a kernel in /boot");
  return { available: missing.length === 0, reason: `the tiny guest needs ${missing.join(", ")}` };
}

/** Builds the guest in `directory`, unless it is there already. The same parts give the same bytes. */
export async function buildTinyGuest(
  directory: string = join(root, "node_modules/.cache/ostler/tiny-guest"),
): Promise<TinyGuest> {
  await promisify(execFile)(join(root, "scripts/make-guest.sh"), [directory], { timeout: 300_000 });
  return {
    kernel: join(directory, "vmlinuz"),
    initrd: join(directory, "initrd.gz"),
    disk: { raw: join(directory, "disk.raw"), qcow2: join(directory, "disk.qcow2") },
  };
}

/** The kernel's command line for a guest that calls itself `host` and prints `tinyGuestUp(host)`. */
export function tinyGuestCommandLine(host: string, mode?: TinyGuestMode): string {
  return ["console=ttyS0", "quiet", `host=${host}`, ...(mode === undefined ? [] : [`mode=${mode}`])].join(
    " ",
  );
}

/** The line on the serial console that says that the guest is up: it now hears the power button. */
export function tinyGuestUp(host: string): string {
  return `OSTLER-GUEST-UP ${host}`;
}

function isReadable(name: string, directories: readonly string[]): boolean {
  return directories.some((directory) => {
    try {
      accessSync(join(directory, name), constants.R_OK);
      return true;
    } catch {
      return false;
    }
  });
}
