import t from "tap";
import type { AuditTrail } from "../audit/audit-log.ts";
import type { AuditFields } from "../audit/record.ts";
import { StatusError } from "../runtime/errors.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { type AccessFixture, startAccess } from "../testing/access-fixture.ts";
import { smallMachine } from "../testing/api-fixture.ts";
import { defaultLimits, type FlowLimits } from "./flow/flow-control.ts";

const machines = "/apis/ostler.dev/v1/namespaces/a/virtualmachines";
const machine = (name: string) => ({ ...smallMachine, metadata: { name, namespace: "a" } });

/** An API whose audit log is a list, and whose disk may be full. */
async function start(options: { readonly limits?: FlowLimits } = {}) {
  const told: AuditFields[] = [];
  const disk = { full: false };
  let onDurable = (): void => {};
  const audit: AuditTrail = {
    append: (fields) => void told.push(fields),
    async appendDurably(fields) {
      if (disk.full) throw new StatusError("ServiceUnavailable", "the audit log cannot be written: full");
      told.push(fields);
      onDurable();
    },
  };
  const access = await startAccess(["ann", "boss"], { audit, ...options });
  await access.bind("ann", "edit", "a");
  return {
    access,
    told,
    disk,
    set onDurable(callback: () => void) {
      onDurable = callback;
    },
  };
}

const settled = (access: AccessFixture) => access.as("ann")("GET", "/healthz");

t.test("a change is told with who, via what, which object and what became of it", async (t) => {
  const { access, told } = await start();
  await using _access = access;
  const headers = { "user-agent": "test/1" };
  const { json } = await access.as("ann")("POST", machines, { body: machine("web"), headers });
  await settled(access);
  t.match(told, [
    {
      user: "ann",
      groups: ["system:authenticated"],
      address: "127.0.0.1",
      agent: "test/1",
      verb: "create",
      group: "ostler.dev",
      resource: "virtualmachines",
      namespace: "a",
      name: "web",
      uid: /^[0-9a-f-]{36}$/,
      newVersion: /^[0-9]+$/,
      stage: "done",
      decision: "allow",
      code: 201,
    },
  ]);
  t.match(json, { metadata: { uid: told[0]?.uid } });
});

t.test(
  "a denial is told with its reason, a failed login with its address; questions and reads are not",
  async (t) => {
    const { access, told } = await start();
    await using _access = access;
    await access.as("ann")("DELETE", "/apis/ostler.dev/v1/namespaces/b/virtualmachines/web");
    await access.as("nobody")("GET", `${machines}?token=canary`);
    await access.as("ann")("GET", machines);
    await access.as("ann")("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", { body: {} });
    await access.as("ann")("GET", "/api/v1/namespaces/a/secrets/x");
    await settled(access);
    t.match(told, [
      { user: "ann", verb: "delete", decision: "deny", code: 403, reason: /cannot delete resource/ },
      { user: undefined, path: machines, decision: "deny", code: 401 },
      { user: "ann", verb: "get", resource: "secrets", decision: "allow", code: 404 },
    ]);
    t.notMatch(JSON.stringify(told), "canary");
  },
);

t.test("what cannot be undone is told before it is done, with the object as it was", async (t) => {
  const world = await start();
  const { access, told } = world;
  await using _access = access;
  const ann = access.as("ann");
  await ann("POST", machines, { body: machine("web") });
  told.length = 0;
  const seen: (string | undefined)[] = [];
  world.onDurable = () => {
    void access.api.store
      .get(VirtualMachineKind, { namespace: "a", name: "web" })
      .then((vm) => seen.push(vm?.metadata.deletionTimestamp ?? "alive"));
  };
  await ann("DELETE", `${machines}/web`);
  t.match(told, [{ stage: "before", verb: "delete", uid: String, oldVersion: String }]);
  t.same(seen, ["alive"]);
  await ann("DELETE", `${machines}/web?dryRun=All`);
  await settled(access);
  t.match(told.slice(1), [
    { stage: "done", verb: "delete", code: 200, uid: told[0]?.uid },
    { stage: "done", verb: "delete", dryRun: true },
  ]);
});

t.test("a collection is told before, then each object of it", async (t) => {
  const { access, told } = await start();
  await using _access = access;
  const ann = access.as("ann");
  for (const name of ["one", "two"]) await ann("POST", machines, { body: machine(name) });
  told.length = 0;
  await ann("DELETE", machines);
  await settled(access);
  t.match(told, [
    { stage: "before", verb: "deletecollection" },
    { stage: "object", name: "one", uid: String },
    { stage: "object", name: "two", uid: String },
    { stage: "done", verb: "deletecollection", code: 200 },
  ]);
});

t.test(
  "while nothing can be written down, what cannot be undone is refused; other changes go on",
  async (t) => {
    const { access, disk } = await start();
    await using _access = access;
    const ann = access.as("ann");
    await ann("POST", machines, { body: machine("web") });
    disk.full = true;
    const refused = [
      await ann("DELETE", `${machines}/web`),
      await ann("DELETE", machines),
      await ann("PUT", `${machines}/web/stop`),
      await access.as("root+system:masters")("POST", "/apis/ostler.dev/v1/accesstokens", {
        body: { metadata: { name: "x" }, spec: { userName: "x", sha256: "0".repeat(64) } },
      }),
    ];
    for (const { json } of refused) {
      t.match(json, { code: 503, reason: "ServiceUnavailable", message: /audit log cannot be written/ });
    }
    t.notOk(
      (await access.api.store.get(VirtualMachineKind, { namespace: "a", name: "web" }))?.status?.runOverride,
    );
    t.equal((await ann("PUT", `${machines}/web/start`)).code, 200);
    t.equal((await ann("POST", machines, { body: machine("more") })).code, 201);
  },
);

t.test("who acts as somebody else is named with whom", async (t) => {
  const { access, told } = await start();
  await using _access = access;
  await access.grant("boss", [{ verbs: ["impersonate"], apiGroups: [""], resources: ["users"] }]);
  const headers = { "impersonate-user": "ann" };
  await access.as("boss")("POST", machines, { body: machine("web"), headers });
  await settled(access);
  t.match(told, [{ user: "boss", as: "ann", verb: "create", code: 201 }]);
});

t.test("a flood of failed logins is slowed, and told in one line", async (t) => {
  const { access, told } = await start();
  await using _access = access;
  const codes: number[] = [];
  for (let count = 0; count < 130; count += 1) codes.push((await access.as("nobody")("GET", machines)).code);
  t.ok(codes.slice(0, 100).every((code) => code === 401));
  t.ok(codes.includes(429));
  t.equal((await access.as("ann")("GET", machines)).code, 200, "a right token is looked at as before");
  await settled(access);
  t.equal(told.length, codes.filter((code) => code === 401).length);
});

t.test("who is turned away over and over for want of room does not fill the log", async (t) => {
  const writes = { seats: 0, seatsEach: 0, queued: 0, waitMs: 0 };
  const { access, told } = await start({ limits: { ...defaultLimits, writes } });
  await using _access = access;
  const codes = new Set<number>();
  for (let count = 0; count < 300; count += 1)
    codes.add((await access.as("ann")("POST", machines, { body: machine("web") })).code);
  await settled(access);
  t.same([...codes], [429]);
  t.match(told[0], { user: "ann", verb: "create", code: 429, reason: "TooManyRequests" });
  t.ok(told.length >= 100 && told.length < 250, `${told.length} of 300 are told`);
});
