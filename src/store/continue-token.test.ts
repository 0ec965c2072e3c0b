import t from "tap";
import { decodeContinueToken, encodeContinueToken } from "./continue-token.ts";

t.test("a token comes back as it went, for the list that it is of", async (t) => {
  const token = { revision: 42, lastKey: "/core/namespaces/ä" };
  const text = encodeContinueToken(token);
  t.match(text, /^[A-Za-z0-9_-]+$/);
  t.same(decodeContinueToken(text, "/core/namespaces/"), token);
  const now = { revision: undefined, lastKey: "/core/namespaces/b" };
  t.same(decodeContinueToken(encodeContinueToken(now), "/core/namespaces/"), now);
  t.throws(() => decodeContinueToken(text, "/core/secrets/"), { message: /continue key is not valid/ });
});

t.test("anything else is refused", async (t) => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const texts = ["", "!!!", "e30", encode(null), encode([1]), encode(["1", "/a"]), encode([-1, "/a"])];
  for (const text of [...texts, encode([1.5, "/a"]), encode([1, 2]), encode([1, "/a", 3])]) {
    t.throws(() => decodeContinueToken(text, "/"), { message: /continue key is not valid/ }, text);
  }
});
