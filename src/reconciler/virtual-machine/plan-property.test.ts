import * as fc from "fast-check";
import t from "tap";
import type { DomainState, ObservedDomain, ObservedVolume } from "../../drivers/driver.ts";
import { formatTime } from "../../runtime/clock.ts";
import type { VirtualMachine, VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { desired, domain, machine, planInput, start, uid } from "../../testing/machine-fixture.ts";
import type { Action, Plan } from "./actions.ts";
import { definitionHash, markOf } from "./desired.ts";
import { noteObserved, noteVolumes } from "./memory.ts";
import { planVirtualMachine } from "./plan.ts";
import type { ObservedMachine } from "./plan-input.ts";
import { remember } from "./remember.ts";
import { isActive, wantedState } from "./run-strategy.ts";

/** A host as far as one machine is concerned. */
interface Model {
  readonly domain: ObservedDomain | undefined;
  readonly volumes: ReadonlyMap<string, ObservedVolume>;
}

const times = fc.integer({ min: -400, max: 0 }).map((seconds) => formatTime(start + seconds * 1000));
const asker = times.map((requestedAt) => ({ requestedBy: "admin", requestedAt }));
const strategies = ["Always", "RerunOnFailure", "Once", "Manual", "Halted"] as const;
const states: readonly DomainState[] = ["running", "paused", "shutdown", "shutoff", "crashed", "blocked"];
const reasons = ["booted", "user", "ioerror", "shutdown", "crashed", "unknown", "snapshot"];

const statuses: fc.Arbitrary<VirtualMachineStatus> = fc.record(
  {
    started: fc.boolean(),
    startedAt: times,
    shutdownRequestedAt: times,
    lastRunEnd: fc.constantFrom("GuestShutdown" as const, "Failure" as const),
    startFailure: fc.record({
      consecutiveFailCount: fc.integer({ min: 1, max: 9 }),
      lastFailureTime: times,
      retryAfterTime: fc.integer({ min: 0, max: 300 }).map((seconds) => formatTime(start + seconds * 1000)),
      message: fc.constant("it ended"),
    }),
    restartRequest: asker,
    runOverride: fc.record({
      action: fc.constantFrom("Start" as const, "Stop" as const),
      runStrategy: fc.constantFrom(...strategies),
      requestedBy: fc.constant("admin"),
      requestedAt: times,
    }),
    volumes: fc.subarray([
      { disk: "a", volume: `vm-${uid}-a.qcow2` },
      { disk: "gone", volume: `vm-${uid}-gone.qcow2` },
      { disk: "evil", volume: "vm-22222222-2222-4222-8222-222222222222-a.qcow2" },
      { disk: "worse", volume: `image-${"a".repeat(40)}.qcow2` },
    ]),
  },
  { requiredKeys: [] },
);

const machines: fc.Arbitrary<VirtualMachine> = fc
  .record({
    runStrategy: fc.constantFrom(...strategies),
    cpus: fc.integer({ min: 1, max: 3 }),
    disks: fc.subarray([
      { name: "a", size: "1Gi" },
      { name: "b", size: "2Gi" },
    ]),
    grace: fc.constantFrom(0, 3, 30),
    status: statuses,
    deleted: fc.boolean(),
  })
  .map(({ runStrategy, cpus, disks, grace, status, deleted }) =>
    machine(
      { runStrategy, cpus, memory: "512Mi", disks, terminationGracePeriodSeconds: grace },
      status,
      deleted ? { deletionTimestamp: formatTime(start) } : {},
    ),
  );

const domains: fc.Arbitrary<ObservedDomain | undefined> = fc.option(
  fc
    .record({
      state: fc.constantFrom(...states),
      reason: fc.constantFrom(...reasons),
      cpus: fc.integer({ min: 1, max: 3 }),
      transient: fc.boolean(),
    })
    .map(({ state, reason, cpus, transient }) => {
      const found = domain(machine({ cpus, memory: "512Mi" }), { state, reason });
      const { definition: _definition, ...rest } = found;
      return transient && state !== "shutoff" ? rest : found;
    }),
  { nil: undefined },
);

const volumes = fc
  .subarray([
    `vm-${uid}-a.qcow2`,
    `vm-${uid}-b.qcow2`,
    `vm-${uid}-old.qcow2`,
    "vm-22222222-2222-4222-8222-222222222222-a.qcow2",
    `image-${"a".repeat(40)}.qcow2`,
  ])
  .map((names) => new Map(names.map((name) => [name, { name, capacityBytes: 2 ** 20 }])));

const models: fc.Arbitrary<Model> = fc.record({ domain: domains, volumes });

/** What the host makes of a step. */
function apply(model: Model, action: Action, guestObeys: boolean): Model {
  const found = model.domain;
  const become = (state: DomainState, reason: string): Model =>
    found === undefined ? model : { ...model, domain: settled({ ...found, state, reason }) };
  switch (action.type) {
    case "EnsureContent":
      return model;
    case "EnsureVolume":
      return { ...model, volumes: new Map([...model.volumes, [action.spec.volume, volumeOf(action)]]) };
    case "DeleteVolume":
      return { ...model, volumes: new Map([...model.volumes].filter(([name]) => name !== action.volume)) };
    case "DefineDomain": {
      const defined = domain(machine(), {
        definition: action.definition,
        state: "shutoff",
        reason: "unknown",
      });
      const { state, reason } = found ?? defined;
      return { ...model, domain: { ...defined, state, reason } };
    }
    case "StartDomain":
      return isActive(found) ? model : become("running", "booted");
    case "SuspendDomain":
      return become("paused", "user");
    case "ResumeDomain":
      return become("running", "unpaused");
    case "ShutdownDomain":
      return guestObeys && found?.state === "running" ? become("shutoff", "shutdown") : model;
    case "DestroyDomain":
      return become("shutoff", "destroyed");
    case "UndefineDomain":
      return { ...model, domain: undefined };
    case "AttachVolume":
    case "DetachVolume":
    case "GrowVolume":
      return fail("no machine here names a Volume: see volume-property.test.ts");
  }
}

function volumeOf({ spec }: Action & { readonly type: "EnsureVolume" }): ObservedVolume {
  return { name: spec.volume, capacityBytes: spec.capacityBytes };
}

/** A domain without a definition is gone with its process. */
function settled(found: ObservedDomain): ObservedDomain | undefined {
  return found.definition === undefined && found.state === "shutoff" ? undefined : found;
}

interface Step {
  readonly vm: VirtualMachine;
  readonly plan: Plan;
}

function step(vm: VirtualMachine, model: Model, now: number): Step {
  const memory = noteVolumes(noteObserved(vm, model.domain, now), model.volumes);
  const known = { ...vm, status: memory };
  return {
    vm: known,
    plan: planVirtualMachine({ ...planInput(known, model, now), desired: desired(known) }),
  };
}

const roundsMax = 60;

/** Plans and applies until nothing is left to do; undefined when that does not come about. */
function converge(
  first: VirtualMachine,
  before: Model,
  guestObeys: boolean,
): (Step & { model: Model }) | undefined {
  let now = start;
  let model = before;
  let { vm, plan } = step(first, model, now);
  for (let round = 0; round < roundsMax; round++) {
    const waits = plan.requeueAfterMs !== undefined && plan.blockedBy?.reason !== "Paused";
    if (plan.actions.length === 0 && (!waits || plan.blockedBy?.reason === "VolumeMissing"))
      return { vm, plan, model };
    for (const action of plan.actions) model = apply(model, action, guestObeys);
    const outcome = { done: plan.actions };
    const hash = definitionHash(domain(vm).definition ?? fail());
    vm = { ...vm, status: remember({ vm, memory: vm.status ?? {}, outcome, definitionHash: hash, now }) };
    now += plan.requeueAfterMs ?? 1_000;
    // What passes by itself passes.
    if (model.domain?.state === "shutdown")
      model = { ...model, domain: settled({ ...model.domain, state: "shutoff", reason: "shutdown" }) };
    if (model.domain?.reason === "snapshot")
      model = { ...model, domain: { ...model.domain, state: "running", reason: "unpaused" } };
    ({ vm, plan } = step(vm, model, now));
  }
  return undefined;
}

function fail(why = "no definition"): never {
  throw new Error(why);
}

t.test("applying the plan to the model comes to an end, and to the end that is wanted", async () => {
  await fc.assert(
    fc.property(machines, models, fc.boolean(), (vm, model, guestObeys) => {
      const end = converge(vm, model, guestObeys);
      if (end === undefined) return false;
      const found = end.model.domain;
      const wanted = wantedState(end.vm, found);
      if (wanted === "Gone")
        return found === undefined && ![...end.model.volumes.keys()].some((name) => name.includes(uid));
      if (wanted === "Stopped") return !isActive(found);
      if (wanted === "AsIs") return true;
      return end.plan.blockedBy !== undefined || found?.state === "running" || found?.state === "blocked";
    }),
    { numRuns: 3_000 },
  );
});

t.test("no plan touches what is another's, or does what cannot be undone without a reason", async () => {
  await fc.assert(
    fc.property(machines, models, fc.boolean(), fc.boolean(), (vm, model, foreign, elsewhere) => {
      const seen: ObservedMachine = {
        ...(foreign && model.domain !== undefined
          ? { domain: undefined, volumes: model.volumes, foreign: model.domain }
          : model),
        ...(elsewhere && !isActive(model.domain) ? { activeElsewhere: "h2" } : {}),
      };
      const { actions } = planVirtualMachine(planInput(vm, seen));
      if (seen.foreign !== undefined) return actions.length === 0;
      return actions.every((action) => isAllowed(vm, seen, action));
    }),
    { numRuns: 3_000 },
  );
});

function isAllowed(vm: VirtualMachine, seen: ObservedMachine, action: Action): boolean {
  const wanted = wantedState(vm, seen.domain);
  switch (action.type) {
    case "DeleteVolume":
      return wanted === "Gone" && !isActive(seen.domain) && action.volume.startsWith(`vm-${uid}-`);
    case "EnsureVolume":
      return wanted === "Running" && action.spec.volume.startsWith(`vm-${uid}-`);
    case "UndefineDomain":
      return wanted === "Gone" && !isActive(seen.domain) && action.mark.uid === uid;
    case "DestroyDomain":
    case "ShutdownDomain":
      return wanted !== "AsIs" && isActive(seen.domain) && action.mark.uid === uid;
    case "StartDomain":
      return wanted === "Running" && !isActive(seen.domain) && seen.activeElsewhere === undefined;
    case "SuspendDomain":
      return isActive(seen.domain) && vm.status?.pauseRequest?.action === "Pause";
    case "ResumeDomain":
      return seen.domain?.state === "paused" && wanted !== "AsIs";
    case "DefineDomain":
      return wanted === "Running" && action.definition.mark.uid === markOf(vm, "").uid;
    case "EnsureContent":
      return wanted === "Running";
    case "AttachVolume":
    case "DetachVolume":
    case "GrowVolume":
      return false;
  }
}
