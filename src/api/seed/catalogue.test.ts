import t from "tap";
import { ImageKind } from "../../schema/image.ts";
import { startSeed } from "../../testing/seed-fixture.ts";

t.test("types are told with their sizes, in the order of their numbers", async (t) => {
  await using seed = await startSeed();
  t.same(await seed.ask("/vm/types"), { types: [{ tid: 1, cpu: 1, ram: 512, disk: 0 }] });
  await seed.cluster.addInstanceType("a", 4, "1.5Gi");
  t.same(await seed.ask("/vm/types"), {
    types: [
      { tid: 1, cpu: 1, ram: 512, disk: 0 },
      { tid: 2, cpu: 4, ram: 1536, disk: 0 },
    ],
  });
});

t.test(
  "images are told by the names that people gave them; what no machine can be made from is not",
  async (t) => {
    await using seed = await startSeed();
    const { store } = seed.cluster;
    await seed.cluster.addImage("named", "b");
    await seed.cluster.addImage("kernel", "c");
    for (const [name, change] of [
      ["named", { metadata: { annotations: { "ostler.dev/seed-name": "cirros-0.3.4-x86_64-disk" } } }],
      ["kernel", { status: { contents: "kernel" as const } }],
    ] as const) {
      const image = await store.get(ImageKind, { name });
      if (image === undefined) throw new Error(`no image ${name}`);
      if ("status" in change) {
        await store.updateStatus(ImageKind, { ...image, status: { ...image.status, ...change.status } });
      } else await store.update(ImageKind, { ...image, metadata: { ...image.metadata, ...change.metadata } });
    }
    t.same(await seed.ask("/image/list"), {
      images: [
        { id: 100, name: "debian" },
        { id: 102, name: "cirros-0.3.4-x86_64-disk" },
      ],
    });
  },
);
