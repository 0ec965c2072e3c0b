import t from "tap";
import { admit } from "./admission.ts";
import { EventKind } from "./event.ts";

const event = (eventTime: unknown) => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: "a" },
  involvedObject: {},
  eventTime,
});

t.test("the time is stored as Kubernetes' clients read it, if there is one", async (t) => {
  const rows = [
    ["2026-01-01T00:00:00.123Z", "2026-01-01T00:00:00.123000Z"],
    [null, null],
    [undefined, undefined],
  ] as const;
  for (const [written, stored] of rows) t.equal(admit(EventKind, event(written)).eventTime, stored);
});

t.test("so is the time at which a series was last seen", async (t) => {
  const series = { count: 2, lastObservedTime: "2026-01-01T00:00:00Z" };
  t.match(admit(EventKind, { ...event(undefined), series }).series, {
    count: 2,
    lastObservedTime: "2026-01-01T00:00:00.000000Z",
  });
});

t.test("what is no time is refused", async (t) => {
  t.throws(() => admit(EventKind, event("yesterday")), { message: "eventTime" });
});
