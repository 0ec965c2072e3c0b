import t from "tap";
import type { AccessToken } from "../../schema/access-token.ts";
import { hashToken } from "./authenticator.ts";
import { TokenIndex } from "./token-index.ts";

const secret = `ostler_${"a".repeat(43)}`;
const token = (name: string, fields: Partial<AccessToken["spec"]> = {}): AccessToken => ({
  apiVersion: "ostler.dev/v1",
  kind: "AccessToken",
  metadata: { name },
  spec: { userName: "ann", groups: ["dev"], sha256: hashToken(secret), ...fields },
});

t.test("a token lets its user in until it expires or is taken back", async (t) => {
  const index = new TokenIndex();
  index.put(token("one", { expiresAt: "1970-01-01T00:00:10Z" }));
  t.match(index.find(`Bearer ${secret}`, 9_999), { user: { name: "ann", groups: ["dev"] } });
  t.match(index.find(`bearer  ${secret}`, 0), { token: { metadata: { name: "one" } } });
  t.equal(index.find(`Bearer ${secret}`, 10_000), undefined);
  index.put(token("one"));
  t.ok(index.find(`Bearer ${secret}`, 1e15), "one without an end does not expire");
  index.remove(token("two"));
  t.ok(index.find(`Bearer ${secret}`, 0), "another one's end is not its own");
  index.remove(token("one"));
  t.equal(index.find(`Bearer ${secret}`, 0), undefined);
});

t.test("nothing else lets anybody in", async (t) => {
  const index = new TokenIndex();
  index.put(token("one"));
  const wrong = [
    "",
    "Bearer",
    "Bearer ",
    secret,
    `Basic ${secret}`,
    `Bearer ${secret}x`,
    `Bearer ${secret} `,
  ];
  for (const header of [...wrong, `Bearer ${"a".repeat(50)}`, `Bearer ${hashToken(secret)}`, undefined]) {
    t.equal(index.find(header, 0), undefined, String(header));
  }
});
