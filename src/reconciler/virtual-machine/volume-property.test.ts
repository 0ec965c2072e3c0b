import * as fc from "fast-check";
import t from "tap";
import type { DomainVolume, ObservedDomain, ObservedVolume } from "../../drivers/driver.ts";
import type { AttachedVolume, VirtualMachine } from "../../schema/virtual-machine.ts";
import { type Volume, volumeFileName } from "../../schema/volume.ts";
import { desired, domain, lookups, machine, planInput, start, uid } from "../../testing/machine-fixture.ts";
import { claim, volume } from "../../testing/volume-plan-fixture.ts";
import type { Action, Plan } from "./actions.ts";
import { recordIntent } from "./intent.ts";
import { planVirtualMachine } from "./plan.ts";
import { remember } from "./remember.ts";
import { isActive } from "./run-strategy.ts";
import { noteVolumesSeen } from "./volume-memory.ts";
import { unwantedVolumes } from "./volume-steps.ts";

/** A host as far as one machine's volumes are concerned. */
interface Model {
  readonly domain: ObservedDomain;
  readonly live: readonly DomainVolume[];
  readonly volumes: ReadonlyMap<string, ObservedVolume>;
}

const names = ["a", "b", "c"] as const;
const GiB = 2 ** 30;

const fileOf = (name: string) => volumeFileName(`uid-${name}`, "qcow2");
const ready = {
  type: "Ready",
  status: "True" as const,
  reason: "Available",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

/** A volume that this machine has the claim to, or another. */
function volumeOf(name: string, holder: string): Volume {
  const attachedTo = { ...claim, uid: holder, disk: name };
  const made = { hostName: "h1", volume: fileOf(name), capacityBytes: GiB, conditions: [ready] };
  return volume({ ...made, attachedTo }, { name, uid: `uid-${name}` }, { size: "2Gi" });
}

function deviceAt(name: string, target: string): DomainVolume {
  return { name, volume: fileOf(name), format: "qcow2", target };
}

const subset = fc.subarray([...names]);

const cases = fc.record({
  named: subset,
  /** What it was given before, as written down. */
  records: subset,
  live: subset,
  defined: subset,
  others: subset,
  runs: fc.boolean(),
  runStrategy: fc.constantFrom("Always", "Manual", "Halted"),
  guestReleases: fc.boolean(),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** What is attached is written down: the protocol has it so. */
function situation({ named, records, live, defined, runs, runStrategy }: Case): [VirtualMachine, Model] {
  const disks = named.map((name) => ({ name, volume: name }));
  const targets = new Map(names.map((name, index) => [name, `vda${"abc"[index]}`]));
  const has = names.filter((name) => records.includes(name) || live.includes(name) || defined.includes(name));
  const attachedVolumes = has.map(
    (name): AttachedVolume => ({
      disk: name,
      name,
      uid: `uid-${name}`,
      volume: fileOf(name),
      target: targets.get(name) ?? "",
    }),
  );
  const status = attachedVolumes.length === 0 ? {} : { attachedVolumes };
  const vm = machine({ disks, runStrategy }, { started: true, hostName: "h1", ...status });
  const devices = (which: readonly (typeof names)[number][]) =>
    names.filter((name) => which.includes(name)).map((name) => deviceAt(name, targets.get(name) ?? ""));
  const found = domain(machine({ disks: [] }), { state: runs ? "running" : "shutoff", reason: "unknown" });
  const definition = withVolumes(found.definition ?? fail(), devices(defined));
  const volumes = new Map(names.map((name) => [fileOf(name), { name: fileOf(name), capacityBytes: GiB }]));
  return [vm, { domain: { ...found, definition }, live: runs ? devices(live) : [], volumes }];
}

function withVolumes(
  definition: NonNullable<ObservedDomain["definition"]>,
  volumes: readonly DomainVolume[],
): NonNullable<ObservedDomain["definition"]> {
  const { volumes: _before, ...rest } = definition;
  return volumes.length === 0 ? rest : { ...rest, volumes };
}

function fail(): never {
  throw new Error("no definition");
}

function apply(model: Model, action: Action, guestReleases: boolean): Model {
  const { domain: found, live, volumes } = model;
  const definition = found.definition ?? fail();
  const become = (changes: Partial<ObservedDomain>) => ({ ...model, domain: { ...found, ...changes } });
  const without = (list: readonly DomainVolume[], { volume: file }: DomainVolume) =>
    list.filter((other) => other.volume !== file);
  const sorted = (list: readonly DomainVolume[]) => list.toSorted((a, b) => (a.target < b.target ? -1 : 1));
  switch (action.type) {
    case "AttachVolume": {
      const defined = [...without(definition.volumes ?? [], action.volume), action.volume];
      const next = become({ definition: withVolumes(definition, sorted(defined)) });
      return { ...next, live: [...without(live, action.volume), action.volume] };
    }
    case "DetachVolume": {
      const defined = without(definition.volumes ?? [], action.volume);
      const next = become({ definition: withVolumes(definition, defined) });
      return guestReleases ? { ...next, live: without(live, action.volume) } : next;
    }
    case "GrowVolume":
    case "EnsureVolume": {
      const spec = "spec" in action ? action.spec : { ...action.volume, capacityBytes: action.capacityBytes };
      const { volume: name, capacityBytes } = spec;
      return { ...model, volumes: new Map([...volumes, [name, { name, capacityBytes }]]) };
    }
    case "DefineDomain":
      return become({ definition: action.definition });
    case "StartDomain":
      return { ...become({ state: "running" }), live: definition.volumes ?? [] };
    case "ShutdownDomain":
    case "DestroyDomain":
      return { ...become({ state: "shutoff", reason: "shutdown" }), live: [] };
    default:
      throw new Error(`${action.type} is out of place here`);
  }
}

/** As `look` and the reconciler do it, until nothing is left to do but to wait for a guest. */
function converge(given: Case): { vm: VirtualMachine; model: Model; plan: Plan } | undefined {
  const { others, guestReleases } = given;
  const known = lookups(...names.map((name) => volumeOf(name, others.includes(name) ? "another" : uid)));
  let [vm, model] = situation(given);
  let now = start;
  for (let round = 0; round < 40; round++) {
    const wish = desired(vm, known);
    const unwanted = unwantedVolumes({ vm, desired: wish });
    const live = new Map(model.live.map((device) => [device.volume, device]));
    const defined = model.domain.definition?.volumes ?? [];
    vm = { ...vm, status: noteVolumesSeen(vm.status ?? {}, { live, defined, unwanted, now }) };
    const seen = { domain: model.domain, volumes: model.volumes, live };
    const plan = planVirtualMachine({ ...planInput(vm, seen, now), desired: wish });
    // A guest that holds on is asked again and again.
    const isAsking =
      !guestReleases && round > 20 && plan.actions.every(({ type }) => type === "DetachVolume");
    const isAtRest = plan.actions.length === 0 && (plan.requeueAfterMs === undefined || plan.blockedBy);
    if (isAtRest || isAsking) return { vm, model, plan };
    if (wish.type !== "resolved") return undefined;
    vm = { ...vm, status: recordIntent(vm, vm.status ?? {}, wish.machine, plan.actions, now) };
    for (const action of plan.actions) model = apply(model, action, guestReleases || !isActive(model.domain));
    const outcome = { done: plan.actions };
    vm = { ...vm, status: remember({ vm, memory: vm.status ?? {}, outcome, definitionHash: "", now }) };
    now += plan.requeueAfterMs ?? 100_000;
  }
  return undefined;
}

t.test("whatever is attached, defined and written down, a machine comes to have what it names", async () => {
  await fc.assert(
    fc.property(cases, (given) => {
      const end = converge(given);
      if (end === undefined) return false;
      const { vm, model } = end;
      const files = (list: readonly DomainVolume[]) => list.map(({ volume: file }) => file).sort();
      const isHeld = (file: string) =>
        !given.guestReleases && given.live.some((name) => fileOf(name) === file);
      const records = (vm.status?.attachedVolumes ?? []).map(({ volume: file }) => file);
      const usable = new Set(
        given.named.filter((name) => !given.others.includes(name) || hadBefore(given, name)).map(fileOf),
      );
      const surplus = [...model.live, ...(model.domain.definition?.volumes ?? [])].filter(
        ({ volume: file }) => !usable.has(file),
      );
      // What is there is written down, and what is there without being named a guest holds on to.
      if (!files(model.live).every((file) => records.includes(file))) return false;
      if (!surplus.every(({ volume: file }) => isHeld(file))) return false;
      if (end.plan.blockedBy !== undefined || !isActive(model.domain)) return true;
      return [...usable].every((file) => files(model.live).includes(file) || given.runStrategy === "Halted");
    }),
    { numRuns: 400 },
  );
});

/** Of what it has by its own record the machine does not ask whose it is. */
function hadBefore({ records, live, defined }: Case, name: (typeof names)[number]): boolean {
  return [records, live, defined].some((list) => list.includes(name));
}
