import t from "tap";
import { hasReason } from "../runtime/errors.ts";
import { admit } from "./admission.ts";
import { ImageKind, imageVolumeName } from "./image.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const url = "https://example.org/debian.qcow2";

/** The field that is wrong with an image of this spec. */
function wrongField(spec: unknown): string | undefined {
  try {
    admit(ImageKind, { apiVersion: "ostler.dev/v1", kind: "Image", metadata: { name: "a" }, spec });
  } catch (error) {
    if (hasReason(error, "Invalid")) return error.causes[0]?.field;
    throw error;
  }
  return undefined;
}

t.test("an image comes from a file or a url with a checksum", async (t) => {
  t.equal(wrongField({ source: { file: "/images/a.raw" } }), undefined);
  t.equal(wrongField({ source: { url }, checksum: digest }), undefined);
  t.equal(wrongField({ source: { url } }), "spec.checksum");
  t.equal(wrongField({ source: {} }), "spec.source");
  t.equal(wrongField({ source: { file: "/a", url }, checksum: digest }), "spec.source");
  t.equal(wrongField({ source: { file: "a.raw" } }), "spec.source.file");
  for (const scheme of ["http", "file", "ftp", "gopher"]) {
    t.equal(wrongField({ source: { url: `${scheme}://x/a` }, checksum: digest }), "spec.source.url", scheme);
  }
  t.equal(wrongField({ source: { url }, checksum: "md5:0" }), "spec.checksum");
});

t.test("content has one name on every host, whatever the image is called", async (t) => {
  t.equal(imageVolumeName(digest, "raw"), "image-0123456789abcdef0123456789abcdef01234567.raw");
});
