// Three real hosts over SSH under random trouble: cables, power, daemons, guests and the controller itself, while
// machines are made and removed. All processes are looked at every 50 ms: no machine may ever run twice. When the
// trouble has ended everything must come to be as it is wanted, and nothing else be left. Needs root.
// Usage: node bench/chaos.ts [SECONDS] [SEED]

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/runtime/clock.ts";
import { hasReason, messageOf } from "../src/runtime/errors.ts";
import { findCondition } from "../src/schema/conditions.ts";
import { type VirtualMachine, VirtualMachineKind } from "../src/schema/virtual-machine.ts";
import { blankMachine } from "../src/testing/blank-machine.ts";
import { GuestWatch } from "../src/testing/lab/guest-watch.ts";
import { startLab } from "../src/testing/lab/lab.ts";
import type { LabHost } from "../src/testing/lab/lab-host.ts";
import { SeededRandom } from "../src/testing/seeded-random.ts";
import { eventually, startServerProcess } from "../src/testing/server-process.ts";

const seconds = Number(process.argv[2] ?? 120);
const seed = Number(process.argv[3] ?? Math.floor(systemClock.now() % 100_000));
const convergeDeadlineMs = 180_000;
const size = { cpus: 16, memoryMiB: 16_384 };

interface HostState {
  readonly host: LabHost;
  isOff: boolean;
  isCut: boolean;
  isFrozen: boolean;
  isWithoutLibvirtd: boolean;
  isWithoutSshd: boolean;
}

const began = systemClock.monotonic();
const random = new SeededRandom(seed);
const directory = await mkdtemp(join(tmpdir(), "ostler-chaos-"));
await using lab = await startLab({ hardware: { h1: size, h2: size, h3: size } });
await using watch = new GuestWatch(lab.hosts);
const args = lab.hosts.flatMap((host) => ["--host", `${host.name}=${host.uri("ssh")}`]);
let server = await startServerProcess({ directory, args: [...args, "--resync-seconds", "2"] });
const states = lab.hosts.map((host) => untroubled(host));
const wanted = new Set<string>();
let made = 0;

say(`seed ${seed}`);
for (let index = 0; index < 6; index++) await create();
while (systemClock.monotonic() - began < seconds * 1000 && watch.twice.length === 0) {
  await trouble(pick(states));
  await systemClock.sleep(random.next() * 2_000);
}
for (const state of states) await mend(state);
say("the trouble has ended");
const problems = [...(await whatIsNotRight()), ...watch.twice];
say(`${made} machines made, ${wanted.size} wanted; ${watch.looks} looks at all processes`);
for (const problem of problems) say(`NOT RIGHT: ${problem}`);
await server.end("SIGTERM");
await rm(directory, { recursive: true });
process.exitCode = problems.length === 0 ? 0 : 1;

async function trouble(state: HostState): Promise<void> {
  const kinds: readonly (() => Promise<void>)[] = [
    create,
    create,
    remove,
    killController,
    () => flip(state, "isCut", "cable", { begin: () => state.host.cut(), end: () => state.host.heal() }),
    () => switchPower(state),
    () => killGuest(state),
    () =>
      flip(state, "isFrozen", "frozen libvirtd", {
        begin: () => state.host.freeze("libvirtd"),
        end: () => state.host.thaw("libvirtd"),
      }),
    () =>
      flip(state, "isWithoutLibvirtd", "no libvirtd", {
        begin: () => state.host.kill("libvirtd"),
        end: () => state.host.start("libvirtd"),
      }),
    () =>
      flip(state, "isWithoutSshd", "no sshd, no sessions", {
        begin: async () => void (await state.host.exec(["pkill", "-KILL", "sshd"])),
        end: () => state.host.start("sshd"),
      }),
  ];
  await pick(kinds)();
}

type Flag = "isCut" | "isFrozen" | "isWithoutLibvirtd" | "isWithoutSshd";

/** Begins a trouble, or ends it if it is there; what cannot be done now is left. */
async function flip(
  state: HostState,
  flag: Flag,
  name: string,
  { begin, end }: { begin: () => Promise<void>; end: () => Promise<void> },
): Promise<void> {
  const { host, isOff, isFrozen, isWithoutLibvirtd } = state;
  if (isOff && flag !== "isCut") return;
  if ((flag === "isFrozen" && isWithoutLibvirtd) || (flag === "isWithoutLibvirtd" && isFrozen)) return;
  say(`${host.name}: ${name} ${state[flag] ? "ends" : "begins"}`);
  await (state[flag] ? end() : begin());
  state[flag] = !state[flag];
}

async function switchPower(state: HostState): Promise<void> {
  say(`${state.host.name}: power ${state.isOff ? "on" : "off"}`);
  await (state.isOff ? state.host.powerOn() : state.host.powerOff());
  Object.assign(state, { ...untroubled(state.host), isOff: !state.isOff, isCut: state.isCut });
}

async function killGuest({ host }: HostState): Promise<void> {
  const names = [...host.guests().keys()];
  if (names.length === 0) return;
  const name = pick(names);
  say(`${host.name}: QEMU of ${name} is killed`);
  await host.kill(`qemu:${name}`).catch((error: unknown) => say(`  ${messageOf(error)}`));
}

async function killController(): Promise<void> {
  say("the controller is killed, and started again");
  await server.end("SIGKILL");
  server = await startServerProcess({ directory, args: [...args, "--resync-seconds", "2"] });
}

async function create(): Promise<void> {
  made += 1;
  const name = `vm-${made}`;
  await server.client.create(VirtualMachineKind, blankMachine(name));
  wanted.add(name);
}

async function remove(): Promise<void> {
  if (wanted.size === 0) return;
  const name = pick([...wanted]);
  say(`${name} is removed`);
  wanted.delete(name);
  await server.client.delete(VirtualMachineKind, { namespace: "default", name }).catch((error: unknown) => {
    if (!hasReason(error, "NotFound")) throw error;
  });
}

async function mend(state: HostState): Promise<void> {
  if (state.isOff) await state.host.powerOn();
  if (state.isFrozen) await state.host.thaw("libvirtd");
  if (state.isWithoutLibvirtd) await state.host.start("libvirtd");
  if (state.isWithoutSshd) await state.host.start("sshd");
  await state.host.heal();
}

/** Waits until all is as wanted; then what is on the hosts is compared with what the machines say. */
async function whatIsNotRight(): Promise<readonly string[]> {
  try {
    await eventually("all is as wanted", isAsWanted, convergeDeadlineMs);
  } catch (error) {
    return [messageOf(error)];
  }
  const { items } = await server.client.list(VirtualMachineKind);
  const found = await Promise.all(
    lab.hosts.map(async (host) => {
      const here = items.filter(({ status }) => status?.hostName === host.name);
      const listed = (await host.virsh("list", "--all", "--name")).split("\n");
      const files = await host.exec(["sh", "-c", "ls /var/lib/libvirt/images/ostler-*/ || true"]);
      const disks = here.flatMap(({ status }) => status?.volumes ?? []).map(({ volume }) => volume);
      return [
        ...differences(`domains on ${host.name}`, listed, here.map(domainNameOf)),
        ...differences(`disks on ${host.name}`, files.stdout.split("\n"), disks),
      ];
    }),
  );
  return found.flat();
}

async function isAsWanted(): Promise<true> {
  const { items } = await server.client.list(VirtualMachineKind);
  const idle = items.filter((vm) => !isRunning(vm)).map(describe);
  const missing = [...wanted].filter((name) => !items.some(({ metadata }) => metadata.name === name));
  const extra = items.filter(({ metadata }) => !wanted.has(metadata.name)).map(describe);
  const bad = [...idle, ...missing.map((name) => `${name} is missing`), ...extra];
  if (bad.length > 0) throw new Error(bad.join("; "));
  return true;
}

function isRunning(vm: VirtualMachine): boolean {
  const host = lab.hosts.find(({ name }) => name === vm.status?.hostName);
  return vm.status?.printableStatus === "Running" && host?.guests().has(domainNameOf(vm)) === true;
}

function differences(what: string, seen: readonly string[], told: readonly string[]): readonly string[] {
  const there = new Set(seen.map((name) => name.trim()).filter((name) => name !== ""));
  const extra = [...there].filter((name) => !told.includes(name));
  const missing = told.filter((name) => !there.has(name));
  if (extra.length + missing.length === 0) return [];
  return [`${what}: too many: ${extra.join(" ") || "none"}; missing: ${missing.join(" ") || "none"}`];
}

function untroubled(host: LabHost): HostState {
  const flags = { isOff: false, isCut: false, isFrozen: false, isWithoutLibvirtd: false };
  return { host, ...flags, isWithoutSshd: false };
}

function domainNameOf({ status }: VirtualMachine): string {
  return status?.domain?.name ?? "none";
}

function describe({ metadata, status }: VirtualMachine): string {
  const message = findCondition(status?.conditions, "Ready")?.message;
  return `${metadata.name} on ${status?.hostName}: ${status?.printableStatus}: ${message}`;
}

function pick<T>(list: readonly T[]): T {
  const found = list[Math.floor(random.next() * list.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}

function say(text: string): void {
  console.log(`${((systemClock.monotonic() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}
