import t from "tap";
import { findCondition } from "../schema/conditions.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { machine, start } from "../testing/machine-fixture.ts";
import { type NamespaceContent, namespaceConditions } from "./namespace-content.ts";

const two: NamespaceContent = [
  [VirtualMachineKind, [machine(), machine({}, {}, { name: "db", finalizers: ["a/b"] })]],
];

t.test("what is left in a namespace is told in Kubernetes' words", async (t) => {
  const conditions = namespaceConditions([], two, undefined, start);
  t.match(findCondition(conditions, "NamespaceContentRemaining"), {
    status: "True",
    reason: "SomeResourcesRemain",
    message: "Some resources are remaining: virtualmachines.ostler.dev has 2 resource instances",
  });
  t.match(findCondition(conditions, "NamespaceFinalizersRemaining"), {
    status: "True",
    reason: "SomeFinalizersRemain",
    message:
      "Some content in the namespace has finalizers remaining: " +
      "a/b in 1 resource instances, ostler.dev/virtual-machine in 1 resource instances",
  });
  t.match(findCondition(conditions, "NamespaceDeletionContentFailure"), {
    status: "False",
    reason: "ContentDeleted",
  });
});

t.test("that nothing is left is told as well, and a failure", async (t) => {
  const before = namespaceConditions([], two, undefined, start);
  const conditions = namespaceConditions(before, [[VirtualMachineKind, []]], "no room on the disk", start);
  t.match(findCondition(conditions, "NamespaceContentRemaining"), {
    status: "False",
    reason: "ContentRemoved",
  });
  t.match(findCondition(conditions, "NamespaceFinalizersRemaining"), { status: "False" });
  t.match(findCondition(conditions, "NamespaceDeletionContentFailure"), {
    status: "True",
    reason: "ContentDeletionFailed",
    message: "no room on the disk",
  });
});
