import t from "tap";
import { lookups, machine } from "../../testing/machine-fixture.ts";
import { placedRequest } from "./placed-request.ts";

const promised = { cpus: 3, memoryBytes: 2 ** 30, diskBytes: 5 };

t.test("a machine counts for what it has been promised, whatever its spec says by now", async (t) => {
  const vm = machine({ cpus: 8, hostSelector: { rack: "a" } }, { allocated: promised });
  t.match(placedRequest(vm, undefined, lookups()), {
    uid: vm.metadata.uid,
    resources: promised,
    rules: { hostSelector: { rack: "a" } },
  });
  const less = { ...promised, cpus: 1 };
  t.same(placedRequest(vm, less, lookups()).resources, less);
});

t.test("also when its instance type is gone", async (t) => {
  const vm = machine({ instanceType: "gone" }, { allocated: promised });
  t.match(placedRequest(vm, undefined, lookups()), { uid: vm.metadata.uid, resources: promised });
  t.match(placedRequest(machine({ instanceType: "gone" }), undefined, lookups()).resources, { cpus: 0 });
});
