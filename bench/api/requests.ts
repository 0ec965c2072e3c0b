// What bench/api.ts asks for.
import type { Request } from "./connection.ts";

export const machines = "/apis/ostler.dev/v1/namespaces/default/virtualmachines";

/** The machine that the floor makes durable. */
export const durable = "durable";

/** A machine of 1.7 KB, as one that somebody really declares. */
export const machineText = (name: string): string =>
  JSON.stringify({
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: {
      name,
      namespace: "default",
      labels: { app: "bench", tier: "web", "app.kubernetes.io/part-of": "bench" },
      annotations: { note: "x".repeat(1000), owner: "benchmarks@example.org" },
    },
    spec: {
      runStrategy: "Halted",
      cpus: 2,
      memory: "2Gi",
      disks: [
        { name: "root", size: "10Gi", image: "debian-12" },
        { name: "data", size: "40Gi" },
      ],
      networks: [{ name: "front", network: "default" }],
      terminationGracePeriodSeconds: 30,
    },
  });

export const create = (prefix: string): Request => ({
  method: "POST",
  path: machines,
  body: machineText(`${prefix}-{n}`),
});

export const remove = (prefix: string): Request => ({ method: "DELETE", path: `${machines}/${prefix}-{n}` });

export const get = (name: string): Request => ({ method: "GET", path: `${machines}/${name}` });

export const list: Request = { method: "GET", path: machines };

/** A machine that 100 hosts have room for 5000 of, and that runs. */
export const createSmall = (prefix: string): Request => ({
  method: "POST",
  path: machines,
  body: JSON.stringify({
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: {
      name: `${prefix}-{n}`,
      namespace: "default",
      labels: { app: "bench" },
      annotations: { note: "x".repeat(1000) },
    },
    spec: { runStrategy: "Always", cpus: 1, memory: "2Gi", disks: [], networks: [] },
  }),
});

/** As small a machine as runs; it tells watchers when it was sent. */
export const createTiny = (prefix: string): Request => ({
  method: "POST",
  path: machines,
  body: JSON.stringify({
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: { name: `${prefix}-{n}`, labels: { app: "bench" }, annotations: { sent: "{now}" } },
    spec: { cpus: 1, memory: "2Gi" },
  }),
});

/** A status that is another one each time, for one of `count` machines in turn. */
export const patchStatus = (prefix: string): Request => ({
  method: "PATCH",
  path: `${machines}/${prefix}-{n}/status`,
  contentType: "application/merge-patch+json",
  body: JSON.stringify({ status: { printableStatus: "Running", hostName: "host-{now}" } }),
});

/** Tells watchers when it was sent. */
export const touch = (name: string): Request => ({
  method: "PATCH",
  path: `${machines}/${name}`,
  contentType: "application/merge-patch+json",
  body: JSON.stringify({ metadata: { annotations: { sent: "{now}" } } }),
});

/** Makes a machine large. */
export const fatten = (name: string): Request => ({
  ...touch(name),
  body: JSON.stringify({ metadata: { annotations: { n: "{now}", big: "x".repeat(200_000) } } }),
});

/** Applies a machine, a little different each time. */
export const apply = (prefix: string): Request => ({
  method: "PATCH",
  path: `${machines}/${prefix}-{n}?fieldManager=bench&force=true`,
  contentType: "application/apply-patch+yaml",
  body: machineText(`${prefix}-{n}`).replace('"note":"x', '"note":"{now}'),
});

const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

export const createLease: Request = {
  method: "POST",
  path: leases,
  body: JSON.stringify({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "leader", namespace: "default" },
    spec: { holderIdentity: "bench", leaseDurationSeconds: 15 },
  }),
};

/** A leader that says that it still is one. */
export const renewLease: Request = {
  method: "PATCH",
  path: `${leases}/leader`,
  contentType: "application/merge-patch+json",
  body: JSON.stringify({ spec: { holderIdentity: "bench-{now}" } }),
};
