import t from "tap";
import { ImageError, type ImageFailure } from "./image-store.ts";

t.test("a failure says whether waiting may mend it", async (t) => {
  const cases: readonly [ImageFailure, string, boolean][] = [
    ["NotFound", "NotFound", false],
    ["Forbidden", "Forbidden", false],
    ["Refused", "Invalid", false],
    ["ChecksumMismatch", "Invalid", false],
    ["DownloadFailed", "ServiceUnavailable", true],
    ["Unreadable", "ServiceUnavailable", true],
  ];
  for (const [failure, reason, isTransient] of cases) {
    const error = new ImageError(failure, "the message", new Error("cause"));
    t.match(error, { name: "ImageError", failure, reason, isTransient, message: "the message" });
    t.match(error.cause, { message: "cause" });
  }
});
