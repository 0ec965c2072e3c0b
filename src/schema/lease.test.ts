import t from "tap";
import { admit } from "./admission.ts";
import { LeaseKind } from "./lease.ts";

const apiVersion = "coordination.k8s.io/v1";
const lease = (spec: unknown) => ({ apiVersion, kind: "Lease", metadata: { name: "a" }, spec });

t.test("times are stored as Kubernetes' clients read them", async (t) => {
  const written = { acquireTime: "2026-01-01T00:00:00Z", renewTime: "2026-01-01T00:00:05.5Z" };
  t.strictSame(admit(LeaseKind, lease({ ...written, leaseTransitions: 1 })).spec, {
    acquireTime: "2026-01-01T00:00:00.000000Z",
    renewTime: "2026-01-01T00:00:05.500000Z",
    leaseTransitions: 1,
  });
});

t.test("no time is added where there is none", async (t) => {
  t.strictSame(admit(LeaseKind, lease({ holderIdentity: "x" })).spec, { holderIdentity: "x" });
  t.equal(admit(LeaseKind, lease(undefined)).spec, undefined);
});

t.test("what is no time is refused", async (t) => {
  for (const time of ["soon", "", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z"]) {
    t.throws(() => admit(LeaseKind, lease({ renewTime: time })), { message: "spec.renewTime" });
  }
});
