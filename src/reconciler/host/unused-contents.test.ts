import t from "tap";
import { image, machine, uid } from "../../testing/machine-fixture.ts";
import { unusedContents } from "./unused-contents.ts";

const content = (digit: string) => `image-${digit.repeat(40)}.qcow2`;
const disk = `vm-${uid}-root.qcow2`;
const user = machine({}, { volumes: [{ disk: "root", volume: disk, backing: content("a") }] });
const booter = machine({}, { bootContents: [content("b")] });

t.test("a content is unused when no Image names it and no machine stands on it or boots it", async (t) => {
  const volumes = [content("a"), content("b"), content("c"), content("d"), disk];
  t.same(unusedContents(volumes, [user, booter], [image("debian", "c")]), [content("d")]);
});

t.test("an image that is not ready names nothing", async (t) => {
  t.same(unusedContents([content("c")], [], [image("debian")]), [content("c")]);
});

t.test("only what has the name of a content is ever unused", async (t) => {
  const others = ["notes.txt", "image-abc.qcow2", `image-${"a".repeat(40)}.iso`, `x${content("a")}`];
  t.same(unusedContents(others, [], []), []);
});

t.test("a disk that no machine has recorded keeps everything", async (t) => {
  t.same(unusedContents([content("d"), disk], [], []), []);
  t.same(unusedContents([content("d"), disk], [user], []), [content("d")]);
});
