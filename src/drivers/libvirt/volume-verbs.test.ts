import t from "tap";
import { hasReason, messageOf } from "../../runtime/errors.ts";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import type { DomainVolume } from "../driver.ts";

const MiB = 2 ** 20;

function volumeAt(target: string): DomainVolume {
  return { name: target, volume: `volume-${target}.qcow2`, format: "qcow2", target };
}

t.test("a volume that somebody has attached in another place is not attached twice", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, clusterId, virsh, signal }) => {
    const link = await connect();
    const { mark, ...rest } = define();
    const volume = volumeAt("vdaa");
    const path = `/var/lib/libvirt/images/ostler-${clusterId.slice(0, 8)}/${volume.volume}`;
    await link.ensureVolume({ volume: volume.volume, capacityBytes: MiB }, signal);
    await link.defineDomain({ mark, ...rest }, signal);
    await link.startDomain(mark, signal);
    const place = ["--targetbus", "virtio", "--driver", "qemu", "--subdriver", "qcow2", "--serial", "x"];
    await virsh("attach-disk", mark.uid, path, "vdzz", ...place, "--live");
    await link.attachVolume(mark, volume, signal);
    t.match(await link.observeVolumes(mark.uid, signal), [{ volume: volume.volume, target: "vdzz" }]);
    await link.detachVolume(mark, volume, signal);
    t.match(await virsh("dumpxml", "--inactive", mark.uid), /^((?!volume-vdaa).)*$/s);
    await link.destroyDomain(mark, signal);
  });
});

t.test("a machine takes eight volumes while it runs, and says when no place is left", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, define, signal }) => {
    const link = await connect();
    const { mark, ...rest } = define();
    await link.defineDomain({ mark, ...rest }, signal);
    await link.startDomain(mark, signal);
    const letters = [..."abcdefghijklmnop"];
    let refusal: unknown;
    for (const letter of letters) {
      const volume = volumeAt(`vda${letter}`);
      await link.ensureVolume({ volume: volume.volume, capacityBytes: MiB }, signal);
      refusal = await link.attachVolume(mark, volume, signal).catch((error: unknown) => error);
      if (refusal !== undefined) break;
    }
    t.ok(hasReason(refusal, "OperationInvalid"));
    t.match(messageOf(refusal), /no place left for another disk: restart it/);
    const attached = await link.observeVolumes(mark.uid, signal);
    t.ok(attached.length >= 8, `${attached.length} were attached`);
    t.match((await link.observeDomain(mark.uid, signal))?.definition?.volumes?.length, attached.length);
    await link.destroyDomain(mark, signal);
  });
});
