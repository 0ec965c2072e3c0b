import t from "tap";
import { InstanceTypeKind } from "../../schema/instance-type.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { subresourcesOf } from "./subresources.ts";

t.test("a kind has a status if it writes one, and a machine has its actions", async (t) => {
  t.same(subresourcesOf(InstanceTypeKind), []);
  t.same(
    subresourcesOf(VirtualMachineKind).map(({ name, verbs }) => `${name}: ${verbs.join(" ")}`),
    [
      "status: get update patch",
      "console: get create",
      "start: update",
      "stop: update",
      "restart: update",
      "pause: update",
      "unpause: update",
    ],
  );
});
