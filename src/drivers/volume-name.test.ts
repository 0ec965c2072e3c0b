import t from "tap";
import { checkVolumeName, isVolumeName } from "./volume-name.ts";

t.test("volume names are plain lower-case file names", async (t) => {
  for (const name of ["a", "0", "vm-1.qcow2", "image-00ff.raw", "a..b", "x".repeat(127)]) {
    t.equal(isVolumeName(name), true, name);
    checkVolumeName(name);
  }
  for (const name of ["", ".", "..", ".a", "-a", "a/b", "/a", "a b", "A", "ä", "a\n", "x".repeat(128)]) {
    t.equal(isVolumeName(name), false, JSON.stringify(name));
    t.throws(() => checkVolumeName(name), /must match/);
  }
});
