import t from "tap";
import { throwsWith } from "../testing/throws-with.ts";
import { type AccessToken, AccessTokenKind } from "./access-token.ts";
import { admit } from "./admission.ts";

const token = (spec: object) => ({
  apiVersion: "ostler.dev/v1",
  kind: "AccessToken",
  metadata: { name: "ci" },
  spec: { userName: "ci", sha256: "0".repeat(64), ...spec },
});

t.test("a token is known by its hash, and may expire", async (t) => {
  t.same(admit(AccessTokenKind, token({})).spec.groups, []);
  t.ok(admit(AccessTokenKind, token({ expiresAt: "2027-01-31T00:00:00Z" })));
  for (const spec of [
    { sha256: "secret" },
    { sha256: "A".repeat(64) },
    { userName: "" },
    { userName: "a\nb" },
    { groups: ["\u0000"] },
    { expiresAt: "soon" },
    { expiresAt: "2027-13-31T00:00:00Z" },
    { token: "clear" },
  ]) {
    throwsWith(t, () => admit(AccessTokenKind, token(spec)), "Invalid");
  }
});

t.test("a token never becomes another", async (t) => {
  const before: AccessToken = admit(AccessTokenKind, token({}));
  for (const change of [
    { userName: "root" },
    { groups: ["system:masters"] },
    { expiresAt: "2099-01-01T00:00:00Z" },
  ]) {
    const after = { ...before, spec: { ...before.spec, ...change } };
    t.match(AccessTokenKind.checkUpdate?.(before, after), [{ field: "spec" }], JSON.stringify(change));
  }
  const labelled = { ...before, metadata: { ...before.metadata, labels: { a: "b" } } };
  t.same(AccessTokenKind.checkUpdate?.(before, labelled), []);
});
