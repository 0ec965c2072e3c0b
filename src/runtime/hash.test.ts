import t from "tap";
import { fnv1a } from "./hash.ts";

t.test("texts have 16 hex digits, the same for the same text", async (t) => {
  for (const text of ["", "a", "héllo", "x".repeat(10_000)]) {
    t.match(fnv1a(text), /^[0-9a-f]{16}$/);
    t.equal(fnv1a(text), fnv1a(text));
  }
});

t.test("100,000 texts that are much alike all differ, also in the first six digits of most", async (t) => {
  const hashes = new Set<string>();
  for (let index = 0; index < 100_000; index++) hashes.add(fnv1a(`01234567-89ab-4cde-8f01/${index}`));
  t.equal(hashes.size, 100_000);
  const short = new Set([...hashes].map((hash) => hash.slice(0, 6)));
  t.ok(short.size > 99_000, `${short.size} of 100,000`);
});
