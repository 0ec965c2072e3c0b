import t from "tap";
import { hasReason, type StatusError } from "../runtime/errors.ts";
import { admit, admitStatus, prepareAdmission } from "./admission.ts";
import { HostKind } from "./host.ts";
import type { Kind } from "./kind.ts";
import { VirtualMachineKind } from "./virtual-machine.ts";
import { VolumeKind } from "./volume.ts";

const small = {
  apiVersion: "ostler.dev/v1",
  kind: "VirtualMachine",
  metadata: { name: "web" },
  spec: { cpus: 1, memory: "256Mi" },
};

const host = {
  apiVersion: "ostler.dev/v1",
  kind: "Host",
  metadata: { name: "h1" },
  spec: { uri: "qemu:///system" },
};

function refusal(kind: Kind, resource: unknown): StatusError {
  return fails(() => admit(kind, resource));
}

function fails(work: () => unknown): StatusError {
  try {
    work();
  } catch (error) {
    if (hasReason(error, "Invalid")) return error;
    throw error;
  }
  throw new Error("was admitted");
}

t.test("a spec of two lines gets visible defaults and a namespace", async (t) => {
  t.strictSame(admit(VirtualMachineKind, small), {
    ...small,
    metadata: { name: "web", namespace: "default" },
    spec: {
      cpus: 1,
      memory: "256Mi",
      runStrategy: "Always",
      disks: [],
      networks: [],
      terminationGracePeriodSeconds: 30,
    },
  });
});

t.test("defaults inside defaults are filled in", async (t) => {
  const { overcommit, reserved } = admit(HostKind, host).spec;
  t.strictSame(overcommit, { cpu: 4, memory: 1, disk: 1 });
  t.strictSame(reserved, { cpus: 0, memory: "512Mi", disk: "0" });
});

t.test("what was given is not changed, and nothing of it is shared", async (t) => {
  const given = structuredClone({ ...small, spec: { ...small.spec, disks: [{ name: "a", size: "1Gi" }] } });
  const admitted = admit(VirtualMachineKind, given);
  t.strictSame(given.spec.disks, [{ name: "a", size: "1Gi" }]);
  t.not(admitted.spec.disks[0], given.spec.disks[0]);
});

t.test("admitting what was admitted changes nothing", async (t) => {
  const once = admit(VirtualMachineKind, small);
  t.strictSame(admit(VirtualMachineKind, once), once);
});

t.test("a namespace that was given is kept", async (t) => {
  const admitted = admit(VirtualMachineKind, { ...small, metadata: { name: "web", namespace: "blue" } });
  t.equal(admitted.metadata.namespace, "blue");
});

t.test("a kind without namespaces takes none", async (t) => {
  const error = refusal(HostKind, { ...host, metadata: { name: "h1", namespace: "default" } });
  t.strictSame(error.causes, [
    {
      field: "metadata.namespace",
      message: "not allowed: a Host belongs to no namespace",
      reason: "FieldValueInvalid",
    },
  ]);
  t.equal(admit(HostKind, host).metadata.namespace, undefined);
});

t.test("another kind or version is refused before anything else is looked at", async (t) => {
  const error = refusal(VirtualMachineKind, { ...host, apiVersion: "v2" });
  t.strictSame(
    error.causes.map((cause) => cause.field),
    ["apiVersion", "kind"],
  );
});

t.test("rules that span fields are applied after the schema", async (t) => {
  const error = refusal(VirtualMachineKind, { ...small, spec: { instanceType: "small", cpus: 1 } });
  t.strictSame(
    error.causes.map((cause) => [cause.field, cause.reason]),
    [["spec.instanceType", "FieldValueInvalid"]],
  );
});

t.test("the message names the object and the first problems", async (t) => {
  const spec = { cpus: 0, memory: 1, a: 1, b: 1, c: 1, d: 1 };
  const { message, causes } = refusal(VirtualMachineKind, { ...small, spec });
  t.equal(causes.length, 6);
  t.match(message, /^virtualmachines\.ostler\.dev "web" is invalid: spec\.a: unknown field.*; and 1 more$/);
});

t.test("what is no mapping at all is refused", async (t) => {
  for (const value of [null, 1, "x", [], true]) t.equal(refusal(VirtualMachineKind, value).code, 422);
  t.match(refusal(VirtualMachineKind, {}).message, /without a name/);
});

t.test("prototype keys are refused", async (t) => {
  const hostile: unknown = JSON.parse('{"metadata":{"labels":{"__proto__":"x"}}}');
  t.equal(refusal(VirtualMachineKind, hostile).causes[0]?.field, "metadata.labels.__proto__");
});

t.test("a status is admitted alone: what else there is was admitted before and stays", async (t) => {
  const before = { ...admit(HostKind, host), spec: { uri: "no longer allowed" } };
  const status = { printableStatus: "Running", hostName: "h1", note: undefined };
  const vm = { ...small, status };
  const admitted = admitStatus(VirtualMachineKind, vm);
  t.strictSame(admitted, { ...small, status: { printableStatus: "Running", hostName: "h1" } });
  t.not(Reflect.get(admitted, "status"), status);
  t.equal(admitStatus(HostKind, { ...before, status: {} }).metadata, before.metadata);
});

t.test("a status that is wrong is refused in the words of the whole object", async (t) => {
  const vm = { ...small, status: { hostName: 7 } };
  for (const judge of [admit, admitStatus]) {
    const error = fails(() => judge(VirtualMachineKind, vm));
    t.equal(error.reason, "Invalid");
    t.match(error.causes, [{ field: "status.hostName" }]);
  }
});

t.test("the first object of a kind that was prepared costs no more than the second", async (t) => {
  const volume = {
    apiVersion: "ostler.dev/v1",
    kind: "Volume",
    metadata: { name: "a" },
    spec: { size: "1Gi" },
  };
  for (const prepared of [true, false]) {
    let looks = 0;
    const schema = new Proxy(VolumeKind.schema, {
      get: (target, name, receiver) => {
        looks += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    const kind = { ...VolumeKind, schema };
    if (prepared) prepareAdmission(kind);
    const [first, second] = [1, 2].map(() => {
      looks = 0;
      admit(kind, volume);
      return looks;
    });
    t.equal(first === second, prepared, `${first} and ${second} looks at the schema`);
  }
});
