/**
 * What it costs to ask who may do what, to know a token, and to write an audit record: CPU time per call, beside
 * the floor of what each cannot do without (a set look-up, one SHA-256, a write to the same file).
 */
import { createHash } from "node:crypto";
import { mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cpuUsage } from "node:process";
import { readAttributes } from "../src/api/auth/attributes.ts";
import { hashToken } from "../src/api/auth/authenticator.ts";
import { RoleIndex, withStandardGroups } from "../src/api/auth/role-index.ts";
import { TokenIndex } from "../src/api/auth/token-index.ts";
import { AuditLog } from "../src/audit/audit-log.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { silentLogger } from "../src/runtime/logger.ts";
import { defaultClusterRoleBindings, defaultClusterRoles } from "../src/schema/default-roles.ts";

async function measure(name: string, count: number, run: (index: number) => unknown): Promise<void> {
  for (let index = 0; index < count / 10; index += 1) run(index);
  await systemClock.yield();
  const before = cpuUsage();
  for (let index = 0; index < count; index += 1) run(index);
  await systemClock.yield();
  const { user, system } = cpuUsage(before);
  console.log(`${name.padEnd(56)} ${((user + system) / count).toFixed(2).padStart(8)} us`);
}

const roles = new RoleIndex();
for (const { metadata, rules = [] } of defaultClusterRoles) roles.putRole(undefined, metadata.name, rules);
for (const binding of defaultClusterRoleBindings) roles.putBinding(binding);
for (let index = 0; index < 10_000; index += 1) {
  roles.putBinding({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "edit", namespace: `team-${index}` },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
    subjects: [{ kind: "User", name: `user-${index}` }],
  });
}
const user = withStandardGroups({ name: "user-5000", groups: ["dev", "ops"] });
const query = new URLSearchParams();
const path = "/apis/ostler.dev/v1/namespaces/team-5000/virtualmachines/web";
const attributes = readAttributes({ method: "GET", path, query });
const elsewhere = readAttributes({ method: "DELETE", path: path.replace("5000", "1"), query });
const words = new Set(["get", "list"]);
await measure("floor: a set look-up", 1e6, () => words.has("get"));
await measure("read a request line", 1e6, () => readAttributes({ method: "GET", path, query }));
await measure("allowed, 10,000 bindings", 1e6, () => roles.decide(user, attributes));
await measure("denied, 10,000 bindings", 1e6, () => roles.decide(user, elsewhere));

const tokens = new TokenIndex();
const secret = (index: number): string => `ostler_${String(index).padStart(43, "a")}`;
for (let index = 0; index < 10_000; index += 1) {
  tokens.put({
    apiVersion: "ostler.dev/v1",
    kind: "AccessToken",
    metadata: { name: `t-${index}` },
    spec: { userName: `u-${index}`, groups: [], sha256: hashToken(secret(index)) },
  });
}
const header = `Bearer ${secret(5000)}`;
await measure("floor: one SHA-256", 3e5, () => createHash("sha256").update(header).digest());
await measure("know a token of 10,000", 3e5, () => tokens.find(header, 0));

const directory = mkdtempSync(join(tmpdir(), "ostler-bench-"));
const log = await AuditLog.open({ directory, clock: systemClock, logger: silentLogger });
const record = (index: number) => ({
  time: "2026-11-26T12:00:00Z",
  auditId: "0a4c1f5e-7f0e-4a55-9a57-0f3a3c1d9e11",
  user: "ann",
  groups: ["dev", "system:authenticated"],
  address: "127.0.0.1",
  agent: "kubectl/v1.32.4 (linux/amd64) kubernetes/59526cd",
  method: "POST",
  verb: "create",
  group: "ostler.dev",
  resource: "virtualmachines",
  namespace: "default",
  name: `web-${index}`,
  uid: "5f0c4c58-4f6a-4d6e-8d1c-3a1a9d1f2b10",
  newVersion: String(index),
  stage: "done",
  decision: "allow",
  code: 201,
});
const plain = openSync(join(directory, "plain"), "a");
await measure("floor: JSON and a write", 5000, (index) =>
  writeSync(plain, `${JSON.stringify(record(index))}\n`),
);
{
  const begun = cpuUsage();
  for (let index = 0; index < 5000; index += 1) log.append(record(index));
  await log.appendDurably(record(5000));
  const { user: userMs, system } = cpuUsage(begun);
  console.log(
    `${"audit record, buffered".padEnd(56)} ${((userMs + system) / 5000).toFixed(2).padStart(8)} us`,
  );
}
const before = cpuUsage();
for (let turn = 0; turn < 200; turn += 1) {
  await Promise.all(Array.from({ length: 25 }, (_, index) => log.appendDurably(record(index))));
}
const { user: userMs, system } = cpuUsage(before);
console.log(
  `${"audit record, durable, 25 in a turn".padEnd(56)} ${((userMs + system) / 5000).toFixed(2).padStart(8)} us`,
);
await log[Symbol.asyncDispose]();
rmSync(directory, { recursive: true });
