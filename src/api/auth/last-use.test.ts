import t from "tap";
import { type AccessToken, AccessTokenKind } from "../../schema/access-token.ts";
import { openEngine } from "../../testing/engine-fixture.ts";
import { LastUse } from "./last-use.ts";

t.test("the last use of a token is written once an hour, and a token that is gone is no error", async (t) => {
  const { store, clock, logger } = await openEngine(t);
  const spec = { userName: "ann", groups: [], sha256: "0".repeat(64) };
  const made: AccessToken = {
    apiVersion: "ostler.dev/v1",
    kind: "AccessToken",
    metadata: { name: "ci" },
    spec,
  };
  await store.create(AccessTokenKind, made);
  const uses = new LastUse({ store, clock, logger });
  const use = async (): Promise<string | undefined> => {
    const token = await store.get(AccessTokenKind, { name: "ci" });
    if (token === undefined) throw new Error("no token");
    uses.record(token);
    uses.record(token);
    await clock.settle();
    return (await store.get(AccessTokenKind, { name: "ci" }))?.metadata.resourceVersion;
  };
  const first = await use();
  t.match(await store.get(AccessTokenKind, { name: "ci" }), { status: { lastUsedTime: String } });
  t.equal(await use(), first);
  await clock.advance(3_600_000);
  t.not(await use(), first);
  uses.record({ ...made, metadata: { name: "gone", uid: "x" } });
  await clock.settle();
});
