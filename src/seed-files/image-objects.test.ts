import t from "tap";
import type { Image } from "../schema/image.ts";
import { parseImageFile } from "./image-file.ts";
import { imagesToLoad } from "./image-objects.ts";

function load(text: string, existing: readonly Image[] = [], place = "/store") {
  const { entries } = parseImageFile(text, "/");
  const local = entries.map((entry) => ({ entry, file: `${place}/${entry.name}` }));
  return imagesToLoad(local, existing).map((wanted) => {
    if ("message" in wanted) throw new Error(wanted.message);
    return wanted;
  });
}

t.test("a line becomes an Image that remembers where it is from and what it is called", async (t) => {
  t.match(load("/x/debian.qcow2\nbob@h:/x/cirros-0.3.4-x86_64-disk.img"), [
    {
      after: {
        metadata: {
          name: "debian",
          annotations: { "ostler.dev/seed-line": "1", "ostler.dev/seed-source": "/x/debian.qcow2" },
        },
        spec: { source: { file: "/store/debian" } },
      },
    },
    {
      after: {
        metadata: {
          name: /^cirros-0-3-4-x86-64-disk-[0-9a-f]+$/,
          annotations: {
            "ostler.dev/seed-name": "cirros-0.3.4-x86_64-disk",
            "ostler.dev/seed-source": "h:22:/x/cirros-0.3.4-x86_64-disk.img",
          },
        },
      },
    },
  ]);
});

t.test("the same place is the same Image, also where somebody else made it", async (t) => {
  const [first] = load("/x/debian.qcow2");
  if (first === undefined) throw new Error("no image");
  t.equal(load("/x/../x/debian.qcow2", [first.after])[0]?.after, first.after);
  t.match(load("/x/debian.qcow2", [first.after], "/elsewhere")[0]?.after, {
    metadata: { name: "debian" },
    spec: { source: { file: "/elsewhere/debian" } },
  });
  const others = {
    ...first.after,
    metadata: { name: "mine" },
    spec: { source: { file: "/x/debian.qcow2" } },
  };
  t.equal(load("/x/debian.qcow2", [others])[0]?.after, others);
});

t.test("two images of one name are two objects, and both keep the name", async (t) => {
  const images = load("/a/debian.img\n/b/debian.img").map(({ after }) => after);
  t.not(images[0]?.metadata.name, images[1]?.metadata.name);
  t.match(images[1]?.metadata.annotations, { "ostler.dev/seed-name": "debian" });
});
