import t from "tap";
import type { Fence } from "../../schema/fence.ts";
import { start } from "../../testing/machine-fixture.ts";
import { hostObject } from "../../testing/session-fixture.ts";
import { fenceInForce, whyNotInForce } from "./fence.ts";

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

t.test("one that lies ahead does not stand, but for clocks that differ a little", async (t) => {
  const host = { ...hostObject("h1"), status: { fence } };
  t.equal(fenceInForce(host, start - 60_000), fence);
  t.equal(fenceInForce(host, start - 60_001), undefined);
  t.match(whyNotInForce(fence, start - 60_001), /the clock has been set back/);
  t.equal(whyNotInForce(fence, start + 3_600_000), "its time is over");
});

t.test("one without a time that can be read never stands", async (t) => {
  for (const time of [{ expiresAt: "tomorrow" }, { statedAt: "yesterday" }]) {
    const host = { status: { fence: { ...fence, ...time } } };
    t.equal(fenceInForce(host, start), undefined);
  }
});
