import type { ApplyCase } from "./apply-steps.ts";

const disk = (name: string, more: object = {}) => ({ name, ...more });
const spec = (fields: object) => ({ spec: fields });

/** In the manner of what Kubernetes tests its own merging with: the facts, in our words. */
export const applyCases: readonly ApplyCase[] = [
  {
    title: "two appliers of different fields share the object",
    steps: [
      { by: "one", apply: spec({ cpus: 1 }) },
      { by: "two", apply: spec({ memory: "1Gi" }) },
    ],
    object: spec({ cpus: 1, memory: "1Gi" }),
    owners: { one: [".spec.cpus"], two: [".spec.memory"] },
  },
  {
    title: "two appliers of the same value own it both",
    steps: [
      { by: "one", apply: spec({ cpus: 1 }) },
      { by: "two", apply: spec({ cpus: 1 }) },
    ],
    object: spec({ cpus: 1 }),
    owners: { one: [".spec.cpus"], two: [".spec.cpus"] },
  },
  {
    title: "another value is a conflict, and nothing is done",
    steps: [
      { by: "one", apply: spec({ cpus: 1, memory: "1Gi" }) },
      {
        by: "two",
        apply: spec({ cpus: 2, memory: "2Gi" }),
        conflicts: ["one .spec.cpus", "one .spec.memory"],
      },
    ],
    object: spec({ cpus: 1, memory: "1Gi" }),
    owners: { one: [".spec.cpus", ".spec.memory"] },
  },
  {
    title: "force takes what others own, and only what differs",
    steps: [
      { by: "one", apply: spec({ cpus: 1, memory: "1Gi" }) },
      { by: "two", apply: spec({ cpus: 2, memory: "1Gi" }), force: true },
    ],
    object: spec({ cpus: 2, memory: "1Gi" }),
    owners: { one: [".spec.memory"], two: [".spec.cpus", ".spec.memory"] },
  },
  {
    title: "what an applier does not say any more goes",
    steps: [
      { by: "one", apply: spec({ cpus: 1, memory: "1Gi" }) },
      { by: "one", apply: spec({ cpus: 1 }) },
    ],
    object: spec({ cpus: 1 }),
    owners: { one: [".spec.cpus"] },
  },
  {
    title: "what somebody else owns too stays",
    steps: [
      { by: "one", apply: spec({ cpus: 1, memory: "1Gi" }) },
      { by: "two", apply: spec({ memory: "1Gi" }) },
      { by: "one", apply: spec({ cpus: 1 }) },
    ],
    object: spec({ cpus: 1, memory: "1Gi" }),
    owners: { one: [".spec.cpus"], two: [".spec.memory"] },
  },
  {
    title: "the last owner of shared fields takes them along",
    steps: [
      { by: "one", apply: spec({ cpus: 1 }) },
      { by: "two", apply: spec({ cpus: 1, memory: "1Gi" }) },
      { by: "one", apply: { metadata: { labels: { a: "b" } } } },
      { by: "two", apply: spec({ memory: "1Gi" }) },
    ],
    object: { metadata: { labels: { a: "b" } }, spec: { memory: "1Gi" } },
    owners: { one: [".metadata.labels.a"], two: [".spec.memory"] },
  },
  {
    title: "items of a list belong to who applied them",
    steps: [
      { by: "one", apply: spec({ disks: [disk("a", { size: "1Gi" })] }) },
      { by: "two", apply: spec({ disks: [disk("b", { size: "2Gi" })] }) },
      { by: "one", apply: spec({ cpus: 1 }) },
    ],
    object: spec({ cpus: 1, disks: [disk("b", { size: "2Gi" })] }),
    owners: { one: [".spec.cpus"], two: ['.spec.disks[name="b"].name', '.spec.disks[name="b"].size'] },
  },
  {
    title: "two write into one item; who leaves takes only its own field",
    steps: [
      { by: "one", apply: spec({ disks: [disk("a", { size: "1Gi" })] }) },
      { by: "two", apply: spec({ disks: [disk("a", { bus: "sata" })] }) },
      { by: "one", apply: spec({ cpus: 1 }) },
    ],
    object: spec({ cpus: 1, disks: [disk("a", { bus: "sata" })] }),
    owners: { one: [".spec.cpus"], two: ['.spec.disks[name="a"].bus', '.spec.disks[name="a"].name'] },
  },
  {
    title: "a field within an item can be in conflict",
    steps: [
      { by: "one", apply: spec({ disks: [disk("a", { size: "1Gi" })] }) },
      {
        by: "two",
        apply: spec({ disks: [disk("a", { size: "2Gi" })] }),
        conflicts: ['one .spec.disks[name="a"].size'],
      },
    ],
    object: spec({ disks: [disk("a", { size: "1Gi" })] }),
    owners: { one: ['.spec.disks[name="a"].name', '.spec.disks[name="a"].size'] },
  },
  {
    title: "values of a set have owners of their own",
    steps: [
      { by: "one", apply: { metadata: { finalizers: ["x.org/a", "x.org/b"] } } },
      { by: "two", apply: { metadata: { finalizers: ["x.org/b", "x.org/c"] } } },
      { by: "one", apply: { metadata: { finalizers: ["x.org/d"] } } },
    ],
    object: { metadata: { finalizers: ["x.org/b", "x.org/c", "x.org/d"] } },
    owners: {
      one: ['.metadata.finalizers[="x.org/d"]'],
      two: ['.metadata.finalizers[="x.org/b"]', '.metadata.finalizers[="x.org/c"]'],
    },
  },
  {
    title: "an atomic list has one owner",
    steps: [
      { by: "one", apply: spec({ tolerations: [{ key: "a" }] }) },
      { by: "two", apply: spec({ tolerations: [{ key: "b" }] }), conflicts: ["one .spec.tolerations"] },
      { by: "two", apply: spec({ tolerations: [{ key: "b" }] }), force: true },
    ],
    object: spec({ tolerations: [{ key: "b" }] }),
    owners: { two: [".spec.tolerations"] },
  },
  {
    title: "a list item with two keys is another item if one differs",
    steps: [
      {
        by: "one",
        apply: spec({
          topologySpreadConstraints: [{ topologyKey: "r", whenUnsatisfiable: "DoNotSchedule", maxSkew: 1 }],
        }),
      },
      {
        by: "two",
        apply: spec({
          topologySpreadConstraints: [{ topologyKey: "r", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 2 }],
        }),
      },
      { by: "one", apply: { metadata: { labels: { a: "b" } } } },
    ],
    object: {
      metadata: { labels: { a: "b" } },
      spec: {
        topologySpreadConstraints: [{ topologyKey: "r", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 2 }],
      },
    },
    owners: {
      one: [".metadata.labels.a"],
      two: ["maxSkew", "topologyKey", "whenUnsatisfiable"].map(
        (name) =>
          `.spec.topologySpreadConstraints[topologyKey="r",whenUnsatisfiable="ScheduleAnyway"].${name}`,
      ),
    },
  },
  {
    title: "an update takes over what it changes",
    steps: [
      { by: "one", apply: spec({ cpus: 1, memory: "1Gi" }) },
      { by: "hand", update: spec({ cpus: 2, memory: "1Gi" }) },
    ],
    object: spec({ cpus: 2, memory: "1Gi" }),
    owners: { one: [".spec.memory"], "hand updates": [".spec.cpus"] },
  },
  {
    title: "what an update changed is a conflict for the applier it took it from",
    steps: [
      { by: "one", apply: spec({ cpus: 1 }) },
      { by: "hand", update: spec({ cpus: 2 }) },
      { by: "one", apply: spec({ cpus: 3 }), conflicts: ["hand .spec.cpus"] },
      { by: "one", apply: spec({ cpus: 2 }) },
    ],
    object: spec({ cpus: 2 }),
    owners: { one: [".spec.cpus"], "hand updates": [".spec.cpus"] },
  },
  {
    title: "what an update removes nobody owns",
    steps: [
      { by: "one", apply: spec({ cpus: 1, disks: [disk("a")] }) },
      { by: "hand", update: spec({ cpus: 1 }) },
    ],
    object: spec({ cpus: 1 }),
    owners: { one: [".spec.cpus"] },
  },
  {
    title: "the same name that updates and applies is two managers",
    steps: [
      { by: "one", update: spec({ cpus: 1 }) },
      { by: "one", apply: spec({ cpus: 2 }), conflicts: ["one .spec.cpus"] },
      { by: "one", apply: spec({ cpus: 2 }), force: true },
    ],
    object: spec({ cpus: 2 }),
    owners: { one: [".spec.cpus"], "one updates": [".spec"] },
  },
  {
    title: "status is applied by its own path, as another manager",
    steps: [
      { by: "one", apply: spec({ cpus: 1 }) },
      { by: "one", subresource: "status", apply: { metadata: {}, status: { printableStatus: "Running" } } },
      { by: "one", apply: spec({ memory: "1Gi" }) },
    ],
    object: { spec: { memory: "1Gi" }, status: { printableStatus: "Running" } },
    owners: { one: [".spec.memory"], "one status": [".status.printableStatus"] },
  },
  {
    title: "an empty map is something to own",
    steps: [
      { by: "one", apply: { metadata: { labels: {} } } },
      { by: "two", apply: { metadata: { labels: { a: "b" } } } },
      { by: "two", apply: { metadata: { annotations: { c: "d" } } } },
    ],
    object: { metadata: { labels: {}, annotations: { c: "d" } } },
    owners: { one: [".metadata.labels"], two: [".metadata.annotations.c"] },
  },
  {
    title: "a struct that nobody speaks of any more goes whole",
    steps: [
      { by: "one", apply: spec({ cpus: 1, kernelBoot: { kernel: "k", initrd: "i" } }) },
      { by: "one", apply: spec({ cpus: 1 }) },
    ],
    object: spec({ cpus: 1 }),
    owners: { one: [".spec.cpus"] },
  },
  {
    title: "an applier that says nothing owns nothing",
    steps: [
      { by: "one", apply: spec({ cpus: 1 }) },
      { by: "two", apply: spec({ memory: "1Gi" }) },
      { by: "two", apply: {} },
    ],
    object: spec({ cpus: 1 }),
    owners: { one: [".spec.cpus"] },
  },
];
