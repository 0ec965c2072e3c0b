import t from "tap";
import { namePattern } from "./meta.ts";
import { objectNameFor } from "./object-name.ts";

t.test("what is a name stays as it is", async (t) => {
  for (const name of ["web", "web-1", "10.0.0.1", "a", "x".repeat(63)]) t.equal(objectNameFor(name), name);
});

t.test("anything else gets a name that can be read, and no two the same", async (t) => {
  const texts = ["test VM_1", "test vm 1", "Test-VM-1", "$(reboot)", "; rm -rf /", "\u0000", "", " ", "été"];
  texts.push("x".repeat(64), "x".repeat(65), "-web", "web-", "../../etc/passwd", "a\nb", "日本語", "日本");
  const names = texts.map(objectNameFor);
  for (const name of names) t.match(name, new RegExp(namePattern));
  t.equal(new Set(names).size, texts.length);
  t.match(objectNameFor("test VM_1"), /^test-vm-1-[0-9a-f]{12}$/);
  t.match(objectNameFor("日本語"), /^x-[0-9a-f]{12}$/);
});
