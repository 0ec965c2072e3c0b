import t from "tap";
import { fails } from "../testing/fails.ts";
import { fakeFixture } from "../testing/fake-fixture.ts";
import { DriverRegistry } from "./registry.ts";

t.test("the scheme of the URI chooses the driver", async (t) => {
  const { link, signal } = await fakeFixture();
  const asked: string[] = [];
  const driver = {
    connect: async ({ uri }: { uri: string }) => {
      asked.push(uri);
      return link;
    },
  };
  const registry = new DriverRegistry({ qemu: driver });
  for (const uri of ["qemu:///system", "qemu+ssh://root@h1/system"]) {
    t.equal(await registry.connect({ uri, clusterId: "c", signal }), link);
  }
  t.strictSame(asked, ["qemu:///system", "qemu+ssh://root@h1/system"]);
  await fails(t, registry.connect({ uri: "xen:///", clusterId: "c", signal }), "HostUnreachable");
});
