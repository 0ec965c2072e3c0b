import t from "tap";
import { pause } from "../../testing/driver-fixture.ts";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import { measureUsage } from "./usage.ts";

t.test("a guest's CPU time grows while it is busy, and the host counts it too", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, openLinks, virsh, signal }) => {
    const connection = await connect();
    const links = await openLinks();
    const definition = define();
    await connection.defineDomain(definition, signal);
    t.same((await measureUsage(links, { signal })).domains, []);
    await connection.startDomain(definition.mark, signal);
    const first = await measureUsage(links, { signal });
    await pause(500);
    const second = await measureUsage(links, { signal });
    const [before, after] = [first.domains[0], second.domains[0]];
    t.equal(after?.uid, definition.mark.uid);
    t.ok((after?.cpuTimeMs ?? 0) > (before?.cpuTimeMs ?? 0), "its firmware is at work");
    t.ok((second.host?.cpuTimeMs ?? 0) > (first.host?.cpuTimeMs ?? 0));
    t.ok((second.host?.memoryBytes ?? 0) > 64 * 2 ** 20, "more than the guest alone");
    await virsh("destroy", definition.domainName);
    t.same((await measureUsage(links, { signal })).domains, []);
  });
});
