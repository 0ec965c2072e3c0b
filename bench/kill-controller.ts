// Kills the real controller, many times at random moments, while machines are made, edited and removed on two real
// libvirt hosts (the test driver), and tells what was lost, doubled or left over. Needs root.
// Usage: node bench/kill-controller.ts [KILLS] [SEED]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/runtime/clock.ts";
import { keepTestDriver } from "../src/testing/keep-test-driver.ts";
import { killController } from "../src/testing/kill-controller.ts";
import { startLibvirtHost } from "../src/testing/libvirt-host.ts";

const kills = Number(process.argv[2] ?? 500);
const seed = Number(process.argv[3] ?? systemClock.now() % 100_000);
const directory = await mkdtemp(join(tmpdir(), "ostler-kill-"));
const began = systemClock.monotonic();
try {
  await using first = await startLibvirtHost({ name: "first" });
  await using second = await startLibvirtHost({ name: "second" });
  const hosts = [first, second];
  await using _keeper = keepTestDriver(hosts);
  const say = (line: string): void => console.log(line);
  const report = await killController({ directory, hosts, kills, seed, restEvery: 25, say });
  const seconds = Math.round((systemClock.monotonic() - began) / 1000);
  console.log(JSON.stringify({ seed, ...report, seconds }, null, 2));
  process.exitCode = report.problems.length === 0 ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}
