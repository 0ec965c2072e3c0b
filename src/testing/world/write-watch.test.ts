import t from "tap";
import type { Resource } from "../../schema/meta.ts";
import { WriteWatch } from "./write-watch.ts";

function setUp() {
  let nowMs = 0;
  let write: (resource: Resource) => void = () => {};
  const breaches: string[] = [];
  new WriteWatch({
    audit: {
      listen: (listener) => {
        write = (resource) =>
          listener(resource, { key: "", revision: 0, current: undefined, previous: undefined });
      },
    },
    complain: (id, what) => void breaches.push(`${id} ${what}`),
    now: () => nowMs,
  });
  const written = (name: string, times: number, everyMs: number): void => {
    const resource = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name, uid: name } };
    for (let count = 0; count < times; count++, nowMs += everyMs) write(resource);
  };
  return { breaches, written };
}

t.test("an object that is written again and again is a breach, told once", async (t) => {
  const { breaches, written } = setUp();
  written("h1", 1000, 1);
  t.strictSame(breaches, ["L6 Host h1 is written 60 times within 59 ms"]);
});

t.test("many writes of many objects, or over a long time, are none", async (t) => {
  const { breaches, written } = setUp();
  for (let index = 0; index < 100; index++) written(`h${index}`, 20, 1);
  written("slow", 1000, 200);
  t.strictSame(breaches, []);
});
