import * as fc from "fast-check";
import type { HostState } from "../scheduler/host-state.ts";
import type { PlacementRequest } from "../scheduler/request.ts";
import type { Taint } from "../schema/host.ts";
import type { LabelSelector } from "../schema/label-selector.ts";
import type { HostTerm, MachineTerm, SpreadConstraint, Toleration } from "../schema/placement.ts";
import { type PlacementPolicySpec, scorePluginNames } from "../schema/placement-policy.ts";
import { hostState, request } from "./host-state.ts";

const must = "requiredDuringSchedulingIgnoredDuringExecution";
const rather = "preferredDuringSchedulingIgnoredDuringExecution";

const keys = ["zone", "rack", "ostler.dev/hostname"];
const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** The value in so many of 100 cases, else undefined. */
const maybe = <T>(percent: number, value: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: percent, arbitrary: value },
    { weight: 100 - percent, arbitrary: fc.constant(undefined) },
  );

const effect = oneOf("NoSchedule" as const, "NoExecute" as const, "PreferNoSchedule" as const);
const taint: fc.Arbitrary<Taint> = fc
  .record({ key: oneOf("a", "b"), value: maybe(60, oneOf("x", "y")), effect })
  .map(({ value, ...rest }) => (value === undefined ? rest : { ...rest, value }));

const toleration: fc.Arbitrary<Toleration> = fc.oneof(
  fc.record({ key: oneOf("a", "b"), operator: fc.constant("Equal" as const), value: oneOf("x", "y") }),
  fc.record({ key: oneOf("a", "b"), operator: fc.constant("Exists" as const), effect }),
  fc.record({ operator: fc.constant("Exists" as const) }),
);

const labelSelector: fc.Arbitrary<LabelSelector> = fc.oneof(
  fc.record({ matchLabels: fc.record({ app: oneOf("web", "db", "cache") }) }),
  fc.constant({}),
  fc.record({
    matchExpressions: fc.tuple(
      fc.record({
        key: fc.constant("app"),
        operator: oneOf("In" as const, "NotIn" as const),
        values: fc.constant<string[]>(["web"]),
      }),
    ),
  }),
);

const machineTerm: fc.Arbitrary<MachineTerm> = fc
  .record({
    labelSelector,
    topologyKey: oneOf(...keys),
    namespaces: maybe(30, fc.constant<string[]>(["blue", "green"])),
  })
  .map(({ namespaces, ...term }) => (namespaces === undefined ? term : { ...term, namespaces }));

const hostTerm: fc.Arbitrary<HostTerm> = fc.record({
  matchExpressions: fc.tuple(
    fc.oneof(
      fc.record({
        key: fc.constant("zone"),
        operator: oneOf("In" as const, "NotIn" as const),
        values: fc.constant<string[]>(["z1", "z2"]),
      }),
      fc.record({ key: oneOf("rack", "disk"), operator: oneOf("Exists" as const, "DoesNotExist" as const) }),
      fc.record({
        key: fc.constant("generation"),
        operator: oneOf("Gt" as const, "Lt" as const),
        values: fc.constant<string[]>(["2"]),
      }),
    ),
  ),
});

const weight = fc.integer({ min: 1, max: 100 });
const few = <T>(item: fc.Arbitrary<T>, maxLength = 2) => fc.array(item, { maxLength });

const affinity = fc.record({
  hostAffinity: fc.record({
    required: maybe(25, fc.array(hostTerm, { minLength: 1, maxLength: 2 })),
    [rather]: few(fc.record({ weight, preference: hostTerm })),
  }),
  machineAffinity: fc.record({
    [must]: maybe(25, fc.tuple(machineTerm)).map((terms) => [...(terms ?? [])]),
    [rather]: few(fc.record({ weight, machineAffinityTerm: machineTerm })),
  }),
  machineAntiAffinity: fc.record({
    [must]: maybe(40, fc.array(machineTerm, { minLength: 1, maxLength: 2 })).map((terms) => terms ?? []),
    [rather]: few(fc.record({ weight, machineAffinityTerm: machineTerm })),
  }),
});

const constraint: fc.Arbitrary<SpreadConstraint> = fc
  .record({
    maxSkew: fc.integer({ min: 1, max: 3 }),
    topologyKey: oneOf(...keys),
    whenUnsatisfiable: oneOf("DoNotSchedule" as const, "ScheduleAnyway" as const),
    labelSelector,
    minDomains: maybe(30, fc.integer({ min: 1, max: 4 })),
  })
  .map(({ minDomains, ...rest }) =>
    minDomains === undefined || rest.whenUnsatisfiable !== "DoNotSchedule" ? rest : { ...rest, minDomains },
  );

const resources = fc
  .record({ cpus: fc.integer({ min: 1, max: 4 }), memory: fc.nat(4), disk: fc.nat(4) })
  .map(({ cpus, memory, disk }) => ({ cpus, memoryBytes: (memory + 1) * 2 ** 20, diskBytes: disk * 1_000 }));

/** A machine with any mixture of rules; few of them have many. */
export function machineArbitrary(name: string): fc.Arbitrary<PlacementRequest> {
  return fc
    .record({
      namespace: oneOf("default", "blue"),
      app: maybe(85, oneOf("web", "db", "cache")),
      resources,
      architectures: fc.oneof(
        { weight: 9, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.constant(["aarch64"]) },
      ),
      volumeHosts: maybe(5, fc.constant(["h0"])).map((names) => names ?? []),
      contents: few(fc.record({ volume: oneOf("i1", "i2", "i3"), bytes: fc.integer({ min: 1, max: 100 }) })),
      hostSelector: maybe(15, fc.record({ disk: oneOf("ssd", "hdd") })),
      affinity: maybe(50, affinity),
      spread: maybe(60, few(constraint)).map((constraints) => constraints ?? []),
      tolerations: few(toleration),
      priority: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ app, hostSelector, affinity: chosen, spread, tolerations, ...rest }) => {
      const { required, ...preferred } = chosen?.hostAffinity ?? { required: undefined };
      const hostAffinity =
        required === undefined ? preferred : { ...preferred, [must]: { hostSelectorTerms: required } };
      return request(1, {
        ...rest,
        name,
        labels: app === undefined ? {} : { app },
        rules: {
          tolerations,
          topologySpreadConstraints: spread,
          ...(hostSelector === undefined ? {} : { hostSelector }),
          ...(chosen === undefined ? {} : { affinity: { ...chosen, hostAffinity } }),
        },
      });
    });
}

function hostArbitrary(name: string): fc.Arbitrary<HostState> {
  const rarely = fc.integer({ min: 0, max: 9 }).map((number) => number === 0);
  return fc
    .record({
      createdAt: oneOf("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
      isAway: rarely,
      unschedulable: rarely,
      isUnknown: rarely,
      architecture: oneOf("x86_64", "aarch64"),
      zone: maybe(90, oneOf("z1", "z2", "z3")),
      rack: maybe(80, oneOf("r1", "r2", "r3", "r4")),
      disk: maybe(80, oneOf("ssd", "hdd")),
      generation: maybe(65, oneOf("1", "2", "3")),
      taints: maybe(30, fc.tuple(taint)).map((taints) => taints ?? []),
      allocatable: fc.integer({ min: 2, max: 16 }),
      contents: few(oneOf("i1", "i2", "i3")),
      failures: oneOf(0, 0, 0, 1, 2.5),
    })
    .map(({ isAway, isUnknown, zone, rack, disk, generation, allocatable, contents, ...rest }) =>
      hostState({
        ...rest,
        name,
        ready: !isAway,
        acceleratorKnown: !isUnknown,
        labels: defined({ zone, rack, disk, generation }),
        allocatable: {
          cpus: allocatable,
          memoryBytes: allocatable * 2 ** 20,
          diskBytes: allocatable * 1_000,
        },
        contents: new Set(contents),
      }),
    );
}

function defined(labels: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** Hosts, machines on them, and one that is to be placed. */
export interface SchedulingCase {
  readonly hosts: readonly HostState[];
  readonly placed: readonly (readonly [PlacementRequest, string])[];
  readonly newcomer: PlacementRequest;
}

/** At most fourteen hosts and fourteen machines, on which most rules bite now and then. */
export const schedulingCase: fc.Arbitrary<SchedulingCase> = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.nat(14))
  .chain(([hostCount, machineCount]) => {
    const names = Array.from({ length: hostCount }, (_, index) => `h${index}`);
    const machines = Array.from({ length: machineCount }, (_, index) => `m${index}`);
    return fc.record({
      hosts: fc.tuple(...names.map(hostArbitrary)),
      placed: fc.tuple(...machines.map((name) => fc.tuple(machineArbitrary(name), oneOf(...names)))),
      newcomer: machineArbitrary("newcomer"),
    });
  });

const customWeights = fc.dictionary(oneOf(...scorePluginNames), fc.integer({ min: -5, max: 5 }), {
  minKeys: 1,
});
const resourceWeights = fc.record({
  cpus: fc.integer({ min: 1, max: 3 }),
  memory: fc.nat(3),
  disk: fc.nat(3),
});

/** Every named policy, and custom ones of any weights. */
export const policyArbitrary: fc.Arbitrary<PlacementPolicySpec> = fc.oneof(
  fc.record({
    type: oneOf("Spread" as const, "BinPacking" as const, "RoundRobin" as const, "LeastLoadedFifo" as const),
  }),
  fc
    .record({ weights: customWeights, resources: resourceWeights })
    .map(({ weights, resources: counted }) => ({
      type: "Custom" as const,
      weights,
      resources: counted,
      shape: [
        { utilization: 10, score: 1 },
        { utilization: 70, score: 10 },
        { utilization: 90, score: 3 },
      ],
    })),
);
