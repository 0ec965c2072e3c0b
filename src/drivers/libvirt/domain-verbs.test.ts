import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { fails } from "../../testing/fails.ts";
import { until, withLibvirt } from "../../testing/libvirt-fixture.ts";
import { qemuPid } from "../../testing/libvirt-under-test.ts";

t.test("undefining takes saved state and snapshots with it", async (t) => {
  await withLibvirt(t, "qemu", async ({ host, connect, define, virsh, signal }) => {
    const link = await connect();
    await link.ensureVolume({ volume: "root.qcow2", capacityBytes: 2 ** 20 }, signal);
    const definition = define({ disks: [{ name: "root", volume: "root.qcow2", bus: "virtio" }] });
    const { uid } = definition.mark;
    await link.defineDomain(definition, signal);
    await link.startDomain(definition.mark, signal);
    await virsh("snapshot-create-as", uid, "one");
    await virsh("managedsave", uid);
    t.match(await link.observeDomain(uid, signal), { state: "shutoff", reason: "saved" });
    await t.rejects(virsh("undefine", uid), /snapshots|managed save/, "without flags libvirt refuses");
    await link.undefineDomain(definition.mark, signal);
    t.equal(await link.observeDomain(uid, signal), undefined);
    const left = await host.exec([
      "sh",
      "-c",
      "ls /var/lib/libvirt/qemu/save /var/lib/libvirt/qemu/snapshot",
    ]);
    t.notMatch(left.stdout, definition.domainName, "nothing is left on the host");
  });
});

t.test("a transient domain of ours is seen as such and can be ended", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, virsh, signal }) => {
    const link = await connect();
    const definition = define();
    const { mark } = definition;
    await link.defineDomain(definition, signal);
    await link.startDomain(mark, signal);
    await virsh("undefine", mark.uid);
    const found = await link.observeDomain(mark.uid, signal);
    t.match(found, { state: "running", mark });
    t.equal(found?.definition, undefined);
    t.strictSame((await link.observe(signal)).domains, [found]);
    await fails(t, link.undefineDomain(mark, signal), "OperationInvalid");
    await link.defineDomain(definition, signal);
    t.match(await link.observeDomain(mark.uid, signal), { state: "running", definition });
    await virsh("undefine", mark.uid);
    await link.destroyDomain(mark, signal);
    t.equal(await link.observeDomain(mark.uid, signal), undefined);
    await link.undefineDomain(mark, signal);
  });
});

t.test("a domain that cannot start says why and stays off", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, signal }) => {
    const link = await connect();
    const definition = define({ disks: [{ name: "root", volume: "missing.qcow2", bus: "virtio" }] });
    await link.defineDomain(definition, signal);
    await t.rejects(link.startDomain(definition.mark, signal), {
      name: "StatusError",
      message: /missing\.qcow2/,
    });
    t.match(await link.observeDomain(definition.mark.uid, signal), { state: "shutoff" });
    const onNetwork = define({
      networks: [
        {
          name: "lan",
          source: { type: "network", name: "nowhere" },
          macAddress: "52:54:00:00:00:01",
          model: "virtio",
        },
      ],
    });
    await link.defineDomain(onNetwork, signal);
    await fails(
      t,
      link.startDomain(onNetwork.mark, signal),
      "InternalError",
      "not NotFound: the domain is there",
    );
  });
});

t.test("a domain that was renamed by hand is a conflict that names both", async (t) => {
  await withLibvirt(t, "test", async ({ connect, define, virsh, signal }) => {
    const link = await connect();
    const definition = define();
    await link.defineDomain(definition, signal);
    await virsh("domrename", definition.mark.uid, "renamed");
    await until(
      async () => (await link.observeDomain(definition.mark.uid, signal))?.domainName === "renamed",
    );
    const refused = link.defineDomain(definition, signal);
    await t.rejects(refused, { message: /renamed/ });
    await fails(t, refused, "OwnershipConflict");
  });
});

t.test("of two who start and destroy at once both succeed", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, signal }) => {
    const links = [await connect(), await connect()];
    const definition = define();
    const { mark } = definition;
    await links[0]?.defineDomain(definition, signal);
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(links.map((link) => link.startDomain(mark, signal)));
      await Promise.all(links.map((link) => link.destroyDomain(mark, signal)));
    }
    await Promise.all(links.map((link) => link.undefineDomain(mark, signal)));
    t.equal(await links[0]?.observeDomain(mark.uid, signal), undefined);
  });
});

t.test("a QEMU that hangs holds up nobody else, and is destroyed all the same", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, signal }) => {
    const link = await connect();
    const definitions = Array.from({ length: 5 }, () => define());
    const other = define();
    await Promise.all(
      [...definitions, other].map(async (definition) => {
        await link.defineDomain(definition, signal);
        await link.startDomain(definition.mark, signal);
      }),
    );
    for (const { mark } of definitions) process.kill(qemuPid(mark.uid), "SIGSTOP");
    const stop = new AbortController();
    const stuck = definitions.map(({ mark }) =>
      fails(t, link.shutdownDomain(mark, stop.signal), "OutcomeUnknown"),
    );
    const before = systemClock.monotonic();
    t.equal((await link.observe(signal)).domains.length, 6);
    t.match(await link.observeDomain(other.mark.uid, signal), { state: "running" });
    await link.destroyDomain(other.mark, signal);
    const tookMs = Math.round(systemClock.monotonic() - before);
    t.ok(tookMs < 10_000, `looking and destroying took ${tookMs} ms`);
    stop.abort(new Error("given up"));
    await Promise.allSettled(stuck);
    const [hung] = definitions;
    if (hung === undefined) return;
    const fresh = await connect();
    await fresh.destroyDomain(hung.mark, signal);
    t.match(await fresh.observeDomain(hung.mark.uid, signal), { state: "shutoff" });
  });
});
