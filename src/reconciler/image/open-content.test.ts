import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ImageSource } from "../../images/image-source.ts";
import { type Image, imageVolumeName } from "../../schema/image.ts";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { contentOpener } from "./open-content.ts";

const { signal } = new AbortController();

t.test("content is opened only while it is what the reference says", async (t) => {
  const directory = t.testdir({ "a.img": "a disk" });
  const file = join(directory, "a.img");
  const fetch = () => {
    throw new Error("nothing is fetched here");
  };
  await using content = new ImageSource({ directories: [directory], downloadDirectory: directory, fetch });
  const image: Image = {
    apiVersion: "ostler.dev/v1",
    kind: "Image",
    metadata: { name: "debian" },
    spec: { source: { file } },
  };
  const again: string[] = [];
  const open = contentOpener({
    content,
    imageNamed: (name) => (name === "debian" ? image : undefined),
    lookAgain: (name) => again.push(name),
  });
  const { digest, format } = await content.resolve(image, signal);
  const ref = { image: "debian", volume: imageVolumeName(digest, format), format };

  const volume = await open(ref, signal);
  t.match(volume, { volume: ref.volume, format: "raw", sizeBytes: 6 });
  t.equal(Buffer.concat(await Array.fromAsync(volume.open())).toString(), "a disk");

  writeFileSync(file, "another disk");
  await rejectsWith(t, open(ref, signal), "Conflict", /"debian" changed/);
  t.strictSame(again, ["debian"]);
  await rejectsWith(t, open({ ...ref, image: "fedora" }, signal), "NotFound");
});
