import t from "tap";
import type { Resource } from "../schema/meta.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { machinesPath, smallMachine } from "../testing/api-fixture.ts";
import { startCli } from "../testing/cli-fixture.ts";
import { parseGoal } from "./wait.ts";

function machine(generation: number, observedGeneration: number | undefined, ready: string): Resource {
  const condition = { type: "Ready", status: ready, observedGeneration };
  const status = { conditions: [condition], printableStatus: "Running" };
  const resource = { apiVersion: "v1", kind: "X", metadata: { name: "x", generation }, status };
  return resource;
}

t.test("a goal is met by what it says, and a condition only if it is about the newest spec", async (t) => {
  const cases: readonly (readonly [goal: string, resource: Resource | undefined, met: boolean])[] = [
    ["condition=Ready", machine(1, 1, "True"), true],
    ["condition=ready", machine(1, undefined, "True"), true],
    ["condition=Ready", machine(2, 1, "True"), false],
    ["condition=Ready", machine(1, 1, "False"), false],
    ["condition=Ready=False", machine(1, 1, "False"), true],
    ["condition=Other", machine(1, 1, "True"), false],
    ["condition=Ready", undefined, false],
    ["delete", undefined, true],
    ["delete", machine(1, 1, "True"), false],
    ["status.printableStatus=Running", machine(1, 1, "True"), true],
    ["jsonpath={.status.printableStatus}=Running", machine(1, 1, "True"), true],
    ["status.printableStatus=Stopped", machine(1, 1, "True"), false],
    ["metadata.generation=2", machine(2, 1, "True"), true],
    ["status=Running", machine(1, 1, "True"), false],
  ];
  for (const [goal, resource, met] of cases) t.equal(parseGoal(goal)(resource), met, goal);
  for (const goal of ["", "Ready", "condition=", "create"]) {
    t.throws(() => parseGoal(goal), { name: "UsageError" });
  }
});

t.test("wait ends when the goal is met and when it is late; what is not there yet may come", async (t) => {
  await using cli = await startCli();
  t.match(await cli.run(["wait", "vm/web", "--for=condition=Ready", "--timeout=50ms"]), {
    code: 4,
    stderr: "condition=Ready did not come within 0.05 s; there is no such object",
  });
  t.match(await cli.run(["wait", "vm/web", "--for", "delete"]), {
    code: 0,
    stdout: "virtualmachine/web deleted",
  });
  const coming = cli.run(["wait", "vm/web", "--for=spec.cpus=1", "--timeout=20s"]);
  await cli.watched();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  t.match(await coming, { code: 0, stdout: "virtualmachine/web condition met\n" });
  const late = await cli.run(["wait", "vm/web", "--for=condition=Ready", "--timeout=50ms"]);
  t.match(late, { code: 4, stderr: "condition=Ready did not come within 0.05 s" });
  const waiting = cli.run(["wait", "vm/web", "--for=status.printableStatus=Running", "--timeout=20s"]);
  const stored = await cli.api.store.get(VirtualMachineKind, { namespace: "default", name: "web" });
  if (stored === undefined) throw new Error("the machine is gone");
  await cli.api.store.updateStatus(VirtualMachineKind, {
    ...stored,
    status: { printableStatus: "Running" },
  });
  t.match(await waiting, { code: 0, stdout: "virtualmachine/web condition met\n" });
  t.match(await cli.run(["wait", "vm", "--for=delete"]), { code: 2 });
  t.match(await cli.run(["wait", "vm/web", "--for=delete", "--timeout=soon"]), { code: 2 });
});
