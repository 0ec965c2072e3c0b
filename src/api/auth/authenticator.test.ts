import t from "tap";
import { bearerAuthenticator, hashToken } from "./authenticator.ts";

const user = { name: "admin", groups: ["system:masters"] };
const authenticate = bearerAuthenticator([
  { user: { name: "other", groups: [] }, sha256: hashToken("another") },
  { user, sha256: hashToken("secret") },
]);

t.test("a known token tells who asks", async (t) => {
  t.equal(authenticate("Bearer secret"), user);
  t.equal(authenticate("bearer secret"), user, "the scheme's case does not matter");
});

t.test("nothing else does", async (t) => {
  const wrong = [
    undefined,
    "",
    "secret",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    "Bearer secret2",
    "Bearer secret ",
    "Bearer secret secret",
    "Basic c2VjcmV0",
    `Bearer ${hashToken("secret")}`,
    `Bearer ${"x".repeat(600)}`,
  ];
  for (const header of wrong) t.equal(authenticate(header), undefined, header ?? "no header");
});

t.test("without tokens nobody is known", async (t) => {
  t.equal(bearerAuthenticator([])("Bearer secret"), undefined);
  t.equal(bearerAuthenticator([{ user, sha256: "" }])("Bearer secret"), undefined);
});
