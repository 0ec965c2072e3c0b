import t from "tap";
import type { Fence } from "../../schema/fence.ts";
import { start } from "../../testing/machine-fixture.ts";
import { hostObject } from "../../testing/session-fixture.ts";
import { fenceInForce } from "./fence.ts";

const fence: Fence = {
  proof: "HumanStatement",
  statedBy: "admin",
  statedAt: "2026-01-01T00:00:00Z",
  expiresAt: "2026-01-01T01:00:00Z",
  reason: "it burnt",
  machines: "All",
  evenInMassOutage: false,
};

t.test("a statement stands until its time is over", async (t) => {
  const host = { ...hostObject("h1"), status: { fence } };
  t.equal(fenceInForce(host, start), fence);
  t.equal(fenceInForce(host, start + 3_599_999), fence);
  t.equal(fenceInForce(host, start + 3_600_000), undefined);
  t.equal(fenceInForce(hostObject("h1"), start), undefined);
  t.equal(fenceInForce(undefined, start), undefined);
});

t.test("one without a time that can be read never stands", async (t) => {
  const host = { status: { fence: { ...fence, expiresAt: "tomorrow" } } };
  t.equal(fenceInForce(host, start), undefined);
});
