import t from "tap";
import type { AuditFields } from "../../audit/record.ts";
import { StatusError } from "../../runtime/errors.ts";
import { admit } from "../../schema/admission.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { smallMachine, startApi } from "../../testing/api-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { CallRecord } from "./call-record.ts";
import { recordedStore } from "./recorded-store.ts";

const facts = { auditId: "a1", address: "::1", agent: undefined, method: "GET", call: "vm/create" } as const;
const key = { namespace: "default", name: "web" };

t.test("every write is in the log with its object, before it and after it", async (t) => {
  await using api = await startApi();
  const told: AuditFields[] = [];
  const trail = {
    append: (fields: AuditFields) => void told.push(fields),
    appendDurably: async (fields: AuditFields) => void told.push(fields),
  };
  const store = recordedStore(api.store, new CallRecord(trail, new ManualClock(), facts));
  const created = await store.create(VirtualMachineKind, admit(VirtualMachineKind, smallMachine));
  await store.update(VirtualMachineKind, { ...created, spec: { ...created.spec, cpus: 2 } });
  await store.delete(VirtualMachineKind, key);
  const { uid, resourceVersion } = created.metadata;
  t.match(told, [
    { verb: "create", stage: "before", ...key, uid: undefined },
    { verb: "create", stage: "object", ...key, uid, newVersion: resourceVersion },
    { verb: "update", stage: "before", ...key, uid },
    { verb: "update", stage: "object", uid, oldVersion: resourceVersion, newVersion: /\d/ },
    { verb: "delete", stage: "before", ...key, uid },
    { verb: "delete", stage: "object", uid },
  ]);
});

t.test("what cannot be told of is not written", async (t) => {
  await using api = await startApi();
  const created = await api.store.create(VirtualMachineKind, admit(VirtualMachineKind, smallMachine));
  const full = async () => {
    throw new StatusError("ServiceUnavailable", "the audit log cannot be written");
  };
  const record = new CallRecord({ append: () => {}, appendDurably: full }, new ManualClock(), facts);
  const store = recordedStore(api.store, record);
  const other = { ...smallMachine, metadata: { ...key, name: "other" } };
  await t.rejects(store.create(VirtualMachineKind, admit(VirtualMachineKind, other)), /cannot be written/);
  await t.rejects(store.update(VirtualMachineKind, { ...created, spec: { ...created.spec, cpus: 2 } }));
  await t.rejects(store.delete(VirtualMachineKind, key));
  t.same((await api.store.list(VirtualMachineKind)).items, [created]);
});
