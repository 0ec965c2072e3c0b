import t from "tap";
import { admit } from "./admission.ts";
import { EventKind } from "./event.ts";
import { LeaseKind } from "./lease.ts";
import { canonicalMicroTime } from "./micro-time.ts";

const cases = [
  ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000000Z"],
  ["2026-01-01T00:00:00.123Z", "2026-01-01T00:00:00.123000Z"],
  ["2026-01-01T00:00:00.123456Z", "2026-01-01T00:00:00.123456Z"],
  ["2026-01-01T00:00:00.123456789+02:00", "2026-01-01T00:00:00.123456+02:00"],
] as const;
const lease = (spec: unknown) => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "a" },
  spec,
});
const event = (eventTime: unknown) => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: "a" },
  involvedObject: {},
  eventTime,
});

t.test("a time has six digits after the point, whatever was written", async (t) => {
  for (const [written, canonical] of cases) t.equal(canonicalMicroTime(written), canonical);
});

t.test("leases and events are stored with such times", async (t) => {
  for (const [time, canonical] of cases) {
    const { spec } = admit(LeaseKind, lease({ acquireTime: time, renewTime: time, leaseTransitions: 1 }));
    t.strictSame(spec, { acquireTime: canonical, renewTime: canonical, leaseTransitions: 1 });
    t.equal(admit(EventKind, event(time)).eventTime, canonical);
  }
});

t.test("no time is added where there is none", async (t) => {
  t.strictSame(admit(LeaseKind, lease({ holderIdentity: "x" })).spec, { holderIdentity: "x" });
  t.notHas(admit(LeaseKind, lease(undefined)), { spec: {} });
  t.equal(admit(EventKind, event(null)).eventTime, null);
  t.notHas(admit(EventKind, event(undefined)), { eventTime: "" });
});

t.test("what is no time is refused", async (t) => {
  for (const time of ["soon", "", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z"]) {
    t.throws(() => admit(LeaseKind, lease({ renewTime: time })), { message: "spec.renewTime" });
    t.throws(() => admit(EventKind, event(time)), { message: "eventTime" });
  }
});
