import t from "tap";
import { pool } from "../testing/pool-fixture.ts";
import { VirtualMachinePoolKind } from "./virtual-machine-pool.ts";

t.test("its scale is how many members it asks for, has, and chooses by what", async (t) => {
  const { scale } = VirtualMachinePoolKind;
  const before = { ...pool({ replicas: 3 }), status: { replicas: 2 } };
  t.equal(scale?.desired(before), 3);
  t.equal(scale?.current(before), 2);
  t.equal(scale?.current(pool()), 0);
  t.equal(scale?.selector(before), "app=web");
  const after = scale?.withDesired(before, 5);
  t.strictSame(after, { ...before, spec: { ...before.spec, replicas: 5 } });
});
