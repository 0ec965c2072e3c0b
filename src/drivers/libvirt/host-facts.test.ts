import t from "tap";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import { describeHost } from "./host-facts.ts";

t.test("a host with QEMU says what it can do", async (t) => {
  await withLibvirt(t, "qemu", async ({ host, openLinks, virsh, signal }) => {
    const facts = await describeHost(await openLinks(), { signal });
    const capabilities = await virsh("capabilities");
    t.equal(facts.hostUuid, /<uuid>(.*?)<\/uuid>/.exec(capabilities)?.[1]);
    t.equal(facts.architecture, process.arch === "x64" ? "x86_64" : "aarch64");
    t.strictSame(facts.accelerators, ["qemu"], "without /dev/kvm");
    t.match(facts.hypervisor, { type: "qemu", version: /^\d+\.\d+\.\d+$/, libvirt: /^\d+\.\d+\.\d+$/ });
    const [major, minor, release] = facts.hypervisor.libvirt.split(".").map(Number);
    t.equal(facts.libvirtVersion, (major ?? 0) * 1_000_000 + (minor ?? 0) * 1000 + (release ?? 0));
    const { sockets, coresPerSocket, threadsPerCore } = facts.topology;
    t.equal(sockets * coresPerSocket * threadsPerCore, facts.cpus);
    t.match(facts.numa, [{ id: 0 }]);
    t.equal(
      facts.numa.reduce((sum, cell) => sum + cell.cpus, 0),
      facts.cpus,
    );
    const meminfo = (await host.exec(["cat", "/proc/meminfo"])).stdout;
    t.equal(facts.memoryBytes, Number(/MemTotal: +(\d+) kB/.exec(meminfo)?.[1]) * 1024);
  });
});

t.test("the test driver has no UUID of its own: its name stands in", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, signal }) => {
    const [one, two] = [await openLinks(), await openLinks()];
    const facts = await describeHost(one, { signal });
    t.match(facts, { accelerators: ["test"], architecture: "i686", cpus: 16, hypervisor: { type: "test" } });
    t.match(facts.topology, { model: "i686", sockets: 4, coresPerSocket: 2, threadsPerCore: 2 });
    t.match(facts.numa, [
      { id: 0, cpus: 8, memoryBytes: 2 ** 31 },
      { id: 1, cpus: 8, memoryBytes: 2 ** 32 },
    ]);
    t.match(facts.hostUuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    t.equal((await describeHost(two, { signal })).hostUuid, facts.hostUuid);
  });
});
