import t from "tap";
import { Leftovers } from "./leftovers.ts";

const uid = "01234567-89ab-4cde-8f01-23456789abcd";
const other = "76543210-89ab-4cde-8f01-23456789abcd";
const volumes = [`vm-${uid}-root.qcow2`, `vm-${other}-root.qcow2`, "image-a.raw", `volume-${uid}.qcow2`];

t.test("the data of a Volume that was let go is a leftover, nothing else is", async (t) => {
  const leftovers = new Leftovers();
  leftovers.noteLetGo(other);
  t.same(leftovers.among([...volumes.slice(2), `volume-${other}.raw`]), [`volume-${other}.raw`]);
});

t.test("a disk of a machine that was let go is a leftover, nothing else is", async (t) => {
  const leftovers = new Leftovers();
  t.same(leftovers.among(volumes), []);
  leftovers.noteLetGo(uid);
  t.same(leftovers.among(volumes.slice(0, 3)), [`vm-${uid}-root.qcow2`]);
});

t.test("of very many machines the oldest are forgotten", async (t) => {
  const leftovers = new Leftovers();
  leftovers.noteLetGo(uid);
  for (let count = 0; count < 10_000; count += 1) leftovers.noteLetGo(`m${count}`);
  t.same(leftovers.among(volumes), []);
});
