import t from "tap";
import { bytesOf, measureMachine } from "./machine-size.ts";

t.test("memory is in whole KiB and at least a MiB", async (t) => {
  const memory = (quantity: string) =>
    measureMachine({ cpus: 1, memory: quantity }, () => undefined)?.size.memoryBytes;
  t.equal(memory("1G"), 1_000_000_512);
  t.equal(memory("5"), 2 ** 20);
});

t.test("without its instance type a machine cannot be measured", async (t) => {
  t.equal(
    measureMachine({ instanceType: "none" }, () => undefined),
    undefined,
  );
});

t.test("no quantity is no bytes", async (t) => {
  t.equal(bytesOf(undefined), 0);
  t.equal(bytesOf("2Ki"), 2048);
});
