import { existsSync } from "node:fs";
import t from "tap";
import { systemRandom } from "../../runtime/random.ts";
import { fails } from "../../testing/fails.ts";
import { until, withLibvirt } from "../../testing/libvirt-fixture.ts";
import { domainCalls } from "./rpc/procedures-domain.ts";

const probes = (list: string): number =>
  list.split("\n").filter((name) => name.startsWith("ostler-probe-")).length;

t.test("an accelerator is judged by a guest that must speak, and none is left behind", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, virsh, signal }) => {
    const link = await connect();
    await link.describe(signal);
    t.equal(await link.probeAccelerator("qemu", signal), true);
    t.equal(await link.probeAccelerator("kvm", signal), false, "there is no /dev/kvm");
    t.equal(probes(await virsh("list", "--all", "--name")), 0);
    t.strictSame((await link.observe(signal)).volumes, [], "its kernel is nobody's concern");
  });
});

t.test(
  "KVM is judged by what it does here",
  { skip: !existsSync("/dev/kvm") && "no /dev/kvm" },
  async (t) => {
    const options = { kvm: true };
    await withLibvirt(
      t,
      "qemu",
      async ({ connect, virsh, signal }) => {
        const link = await connect();
        const facts = await link.describe(signal);
        t.ok(facts.accelerators.includes("kvm"), "claimed");
        const works = await link.probeAccelerator("kvm", signal);
        t.comment(`KVM ${works ? "works" : "is claimed but does not run guests"} on this machine`);
        t.equal(probes(await virsh("list", "--all", "--name")), 0);
      },
      options,
    );
  },
);

t.test("a probe that is given up leaves no guest", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, virsh, signal }) => {
    const link = await connect();
    await link.describe(signal);
    const stop = new AbortController();
    const probe = link.probeAccelerator("qemu", stop.signal);
    const outcome = fails(t, probe, "OutcomeUnknown");
    await until(async () => probes(await virsh("list", "--name")) === 1);
    stop.abort(new Error("enough"));
    await outcome;
    await until(async () => probes(await virsh("list", "--all", "--name")) === 0);
  });
});

t.test(
  "guests of an earlier probe of ours are removed, those of others and other domains are not",
  async (t) => {
    await withLibvirt(t, "test", async ({ connect, clusterId, openLinks, virsh, signal }) => {
      const link = await connect();
      const links = await openLinks();
      const start = async (name: string, cluster: string): Promise<void> => {
        const xml = `<domain type='test'><name>${name}</name><uuid>${systemRandom.uuid()}</uuid>
        <metadata><o:probe xmlns:o='https://ostler.dev/libvirt/v1' cluster='${cluster}'/></metadata>
        <memory>1024</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>`;
        await links.call(domainCalls.createXml, { xml, flags: 0 }, { signal });
      };
      await start("ostler-probe-ours", clusterId);
      await start("ostler-probe-theirs", "another");
      await start("different", clusterId);
      t.equal(await link.probeAccelerator("test", signal), true);
      const names = (await virsh("list", "--name")).trim().split("\n").sort();
      t.strictSame(names, ["different", "ostler-probe-theirs", "test"]);
    });
  },
);
