import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { buildTinyGuest, tinyGuestAvailable, tinyGuestCommandLine, tinyGuestUp } from "./tiny-guest.ts";

const { available, reason } = tinyGuestAvailable();
const options = { skip: available ? false : reason };
const bootMs = 60_000;

t.test("the same parts give the same bytes, and nothing is built twice", options, async (t) => {
  const folder = t.testdir();
  const [one, two] = [await buildTinyGuest(join(folder, "1")), await buildTinyGuest(join(folder, "2"))];
  const pairs = [
    [one.kernel, two.kernel],
    [one.initrd, two.initrd],
    [one.disk.raw, two.disk.raw],
    [one.disk.qcow2, two.disk.qcow2],
  ] as const;
  for (const [first, second] of pairs) t.ok(readFileSync(first).equals(readFileSync(second)), first);
  const { mtimeMs } = statSync(one.initrd);
  await buildTinyGuest(join(folder, "1"));
  t.equal(statSync(one.initrd).mtimeMs, mtimeMs);
});

t.test("the disk holds a sound file system with a marker", options, async (t) => {
  const { disk } = await buildTinyGuest();
  execFileSync("/sbin/e2fsck", ["-fn", disk.raw], { stdio: "ignore" });
  const marker = execFileSync("/sbin/debugfs", ["-R", "cat /marker", disk.raw], { stdio: "pipe" });
  t.equal(String(marker), "ostler-guest\n");
  execFileSync("qemu-img", ["check", "-q", disk.qcow2]);
});

t.test("the guest boots, sees its disk, answers and hears the power button", withQemu(), async (t) => {
  const guest = await boot(t, tinyGuestCommandLine("web-1"));
  await guest.until(/OSTLER-GUEST-DISK vda 16777216 ostler-guest/);
  await guest.until(new RegExp(tinyGuestUp("web-1")));
  guest.type("echo answer-$((6 * 7))\n");
  await guest.until(/^answer-42/m);
  guest.command("system_powerdown");
  t.equal(await guest.ended, 0);
});

t.test("a guest that ignores the power button stays until it is told otherwise", withQemu(), async (t) => {
  const guest = await boot(t, tinyGuestCommandLine("deaf", "ignore-shutdown"));
  await guest.until(new RegExp(tinyGuestUp("deaf")));
  guest.command("system_powerdown");
  guest.type("sleep 1; echo still-$((6 * 7))\n");
  await guest.until(/^still-42/m);
  guest.type("poweroff\n");
  t.equal(await guest.ended, 0);
});

t.test("a guest ends by itself when told so", withQemu(), async (t) => {
  const guest = await boot(t, tinyGuestCommandLine("brief", "exit"));
  await guest.until(new RegExp(tinyGuestUp("brief")));
  t.equal(await guest.ended, 0);
});

t.test("a guest panics when told so", withQemu(), async (t) => {
  const guest = await boot(t, tinyGuestCommandLine("shaky", "crash"));
  await guest.until(/Kernel panic/);
  guest.command("quit");
  t.equal(await guest.ended, 0);
});

function withQemu(): { skip: string | false } {
  if (!available) return { skip: reason };
  try {
    execFileSync("qemu-system-x86_64", ["--version"]);
    return { skip: process.arch === "x64" ? false : "the guest is built for another machine" };
  } catch {
    return { skip: "qemu-system-x86_64 is not installed" };
  }
}

interface RunningGuest {
  /** Types into the guest's serial console. */
  type(text: string): void;
  /** Tells QEMU's monitor, which shares the console behind Ctrl-A c. */
  command(text: string): void;
  /** Waits until the console has shown this. */
  until(pattern: RegExp): Promise<void>;
  /** QEMU's exit code. */
  readonly ended: Promise<number>;
}

/** Boots without KVM and without a network. */
async function boot(t: Test, commandLine: string): Promise<RunningGuest> {
  const { kernel, initrd, disk } = await buildTinyGuest();
  const argv = [
    ["-machine", "pc,accel=tcg", "-m", "128", "-nic", "none", "-no-reboot"],
    ["-display", "none", "-serial", "mon:stdio"],
    ["-kernel", kernel, "-initrd", initrd, "-append", commandLine],
    ["-drive", `file=${disk.qcow2},format=qcow2,if=virtio,snapshot=on`],
  ].flat();
  const child = spawn("qemu-system-x86_64", argv, { stdio: ["pipe", "pipe", "inherit"] });
  t.teardown(() => child.kill("SIGKILL"));
  const ended = once(child, "close").then(([code]) => Number(code));
  let shown = "";
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    shown += text.replaceAll("\r", "");
  });
  return {
    type: (text) => child.stdin.write(text),
    command: (text) => child.stdin.write(`\x01c${text}\n\x01c`),
    async until(pattern) {
      const signal = AbortSignal.timeout(bootMs);
      while (!pattern.test(shown)) {
        if (child.exitCode !== null) throw new Error(`the guest ended before ${pattern}: ${shown}`);
        await Promise.race([once(child.stdout, "data", { signal }), ended]);
      }
      t.pass(`the console shows ${pattern}`);
    },
    ended,
  };
}
