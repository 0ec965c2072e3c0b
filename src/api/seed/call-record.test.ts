import t from "tap";
import type { AuditFields } from "../../audit/record.ts";
import { StatusError } from "../../runtime/errors.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { CallRecord } from "./call-record.ts";

const facts = {
  auditId: "a1",
  address: "10.0.0.9",
  agent: "curl/8",
  method: "GET",
  call: "vm/destroy",
} as const;
const object = { namespace: "default", name: "web", uid: "u1" };

/** `+` is on the disk first. */
function setUp({ full = false } = {}) {
  const told: (readonly [string, AuditFields])[] = [];
  const trail = {
    append: (fields: AuditFields) => void told.push(["", fields]),
    async appendDurably(fields: AuditFields) {
      if (full) throw new StatusError("ServiceUnavailable", "the audit log cannot be written");
      told.push(["+", fields]);
    },
  };
  return { told, record: new CallRecord(trail, new ManualClock(), facts) };
}

t.test("a write is told of before it is done, after it, and when it is answered", async (t) => {
  const { told, record } = setUp();
  await record.before("delete", VirtualMachineKind, object);
  record.after("delete", VirtualMachineKind, {
    before: { apiVersion: "v1", kind: "x", metadata: { ...object, resourceVersion: "7" } },
  });
  t.equal(record.done(), true);
  const who = {
    user: "system:seed",
    groups: ["system:seed-clients"],
    address: "10.0.0.9",
    agent: "curl/8",
    method: "GET",
    path: "/vm/destroy",
    auditId: "a1",
  };
  const what = { verb: "delete", group: "ostler.dev", resource: "virtualmachines", ...object };
  t.match(told, [
    ["+", { ...who, ...what, stage: "before", decision: "allow", time: /^20..-/ }],
    ["", { ...who, ...what, stage: "object", oldVersion: "7" }],
    ["", { ...who, stage: "done", decision: "allow" }],
  ]);
});

t.test(
  "what cannot be told of is not done, but what the call has done itself can be taken back",
  async (t) => {
    const refused = setUp({ full: true });
    await t.rejects(
      refused.record.before("create", VirtualMachineKind, { name: "web" }),
      /cannot be written/,
    );
    const { told, record } = setUp();
    record.after("create", VirtualMachineKind, { after: { apiVersion: "v1", kind: "x", metadata: object } });
    await record.before("delete", VirtualMachineKind, object);
    t.match(told, [
      ["", { verb: "create", stage: "object" }],
      ["", { verb: "delete", stage: "before" }],
    ]);
  },
);

t.test("of a call that has written nothing there is nothing to tell, unless it was denied", async (t) => {
  const { told, record } = setUp();
  t.equal(record.done(new StatusError("NotFound", "there is no vmid 7")), false);
  t.same(told, []);
  record.denied(new StatusError("Forbidden", "no"), 3);
  t.match(told, [["", { stage: "done", decision: "deny", reason: "no", suppressed: 3 }]]);
});

t.test("a quota's refusal is a denial, and other failures are told with their reason", async (t) => {
  for (const [reason, decision] of [
    ["Forbidden", "deny"],
    ["Timeout", "allow"],
  ] as const) {
    const { told, record } = setUp();
    await record.before("create", VirtualMachineKind, { name: "web" });
    record.done(new StatusError(reason, "why"));
    t.match(told[1], ["", { stage: "done", decision, reason: "why" }]);
  }
});
