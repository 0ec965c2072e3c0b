import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { keepTestDriver } from "./keep-test-driver.ts";
import { killController } from "./kill-controller.ts";
import { libvirtAvailable, startLibvirtHost } from "./libvirt-host.ts";

const kills = 15;
const { available, reason } = libvirtAvailable();

t.test(
  "a controller that is killed at any moment loses no write, and nothing on hosts is doubled or left over",
  { skip: available ? false : reason, timeout: 400_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "ostler-kill-"));
    t.teardown(() => rm(directory, { recursive: true }));
    await using first = await startLibvirtHost({ name: "first" });
    await using second = await startLibvirtHost({ name: "second" });
    const hosts = [first, second];
    await using _keeper = keepTestDriver(hosts);
    const report = await killController({ directory, hosts, kills, seed: 1, restEvery: 5 });
    t.same(report.problems, []);
    t.ok(report.acknowledged > 100, `${report.acknowledged} writes were acknowledged`);
  },
);
