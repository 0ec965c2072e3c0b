import t from "tap";
import { systemRandom } from "../../runtime/random.ts";
import { fails } from "../../testing/fails.ts";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import { ensurePool, findPool, poolPlace } from "./pool.ts";

t.test("a cluster's pool has a name and a place of its own", async (t) => {
  t.strictSame(poolPlace("0A1b2c3d-ffff"), {
    name: "ostler-0a1b2c3d",
    path: "/var/lib/libvirt/images/ostler-0a1b2c3d",
  });
  for (const clusterId of ["", "../../etc", "a/b", "-", "ä"]) {
    t.throws(() => poolPlace(clusterId), /must begin with/, clusterId);
  }
});

t.test("a pool is made as far as it is missing, also by many at once", async (t) => {
  await withLibvirt(t, "qemu", async ({ openLinks, virsh, signal }) => {
    const links = await openLinks();
    const others = await openLinks();
    const place = poolPlace(systemRandom.uuid());
    t.equal(await findPool(links, place, { signal }), undefined);
    const made = await Promise.all(
      [links, others, links, others].map((through) => ensurePool(through, place, { signal })),
    );
    t.equal(new Set(made.map((pool) => pool.uuid)).size, 1);
    t.match(await virsh("pool-list", "--autostart"), place.name);
    await virsh("pool-destroy", place.name);
    t.ok(await findPool(links, place, { signal }), "it is there, though stopped");
    await ensurePool(links, place, { signal });
    t.match(await virsh("pool-list"), place.name);
  });
});

t.test("a pool of our name in another place is not ours", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, virsh, signal }) => {
    const links = await openLinks();
    const place = poolPlace(systemRandom.uuid());
    await virsh("pool-define-as", place.name, "dir", "--target", "/srv/precious");
    await fails(t, ensurePool(links, place, { signal }), "OwnershipConflict");
    t.match(await virsh("pool-dumpxml", place.name), "/srv/precious");
  });
});

t.test("other people's pools are told of by name, and ours with what is in it", async (t) => {
  await withLibvirt(t, "qemu", async ({ connect, virsh, host, signal }) => {
    const connection = await connect();
    await host.exec(["mkdir", "-p", "/var/lib/libvirt/b", "/var/lib/libvirt/a", "/var/lib/libvirt/off"]);
    for (const name of ["b", "a", "off"]) {
      await virsh("pool-create-as", name, "dir", "--target", `/var/lib/libvirt/${name}`);
    }
    await virsh("pool-destroy", "off");
    const { pool, otherPools } = await connection.describe(signal);
    t.strictSame(
      otherPools.map(({ name }) => name),
      ["a", "b"],
    );
    t.ok(pool.capacityBytes > 0 && pool.availableBytes > 0 && pool.availableBytes < pool.capacityBytes);
    const listing = await virsh("pool-info", pool.name, "--bytes");
    t.match(listing, new RegExp(`Capacity: +${pool.capacityBytes}\\n`));
    t.same((await connection.observe(signal)).pool?.capacityBytes, pool.capacityBytes);
  });
});
