import type { Clock } from "../../runtime/clock.ts";
import { StatusError } from "../../runtime/errors.ts";
import { counterfactuals } from "../../scheduler/counterfactual.ts";
import { explain } from "../../scheduler/explain.ts";
import { forecast, type PlannedMachine } from "../../scheduler/forecast.ts";
import type { Profile } from "../../scheduler/framework.ts";
import type {
  PlacementDesk,
  PlacementPlan,
  PlacementReport,
  PlanQuestion,
} from "../../scheduler/placement-desk.ts";
import { compilePolicy } from "../../scheduler/policies.ts";
import { type RequestLookups, resolveRequest } from "../../scheduler/request.ts";
import { InstanceTypeKind } from "../../schema/instance-type.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import { PlacementPolicyKind } from "../../schema/placement-policy.ts";
import { PriorityClassKind } from "../../schema/priority-class.ts";
import { type VirtualMachine, VirtualMachineKind } from "../../schema/virtual-machine.ts";
import type { Binder } from "./binder.ts";

export interface DeskOptions {
  readonly binder: Binder;
  readonly lookups: RequestLookups;
  readonly clock: Pick<Clock, "monotonic" | "yield">;
  /** The stored machine of that name. */
  readonly machineNamed: (namespace: string, name: string) => VirtualMachine | undefined;
}

const builtIn = ["Spread", "BinPacking", "RoundRobin", "LeastLoadedFifo"] as const;
/** So long nobody else gets a turn. */
const sliceMs = 10;

/** Answers from what the binder knows. */
export class BinderDesk implements PlacementDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  explain(vm: VirtualMachine): PlacementReport {
    const { binder, lookups } = this.#options;
    const { namespace = "default", name } = vm.metadata;
    const { hostName, decisions = [] } = vm.status ?? {};
    const head = { namespace, name, decisions, ...(hostName === undefined ? {} : { hostName }) };
    const resolution = resolveRequest(vm, lookups);
    if (resolution.type === "blocked") return { ...head, blocked: resolution.message, counterfactuals: [] };
    const { request } = resolution;
    return binder.snapshot.without(request.uid, (snapshot) => {
      const profile = binder.profileOf(request);
      const now = explain(request, snapshot, profile, { detailed: snapshot.hosts.order().length });
      const found = now.winner === undefined ? counterfactuals(request, snapshot, profile) : [];
      return { ...head, now, counterfactuals: found };
    });
  }

  async plan(question: PlanQuestion): Promise<PlacementPlan> {
    const { binder, clock } = this.#options;
    const snapshot = binder.snapshot.copy();
    for (const name of [...question.loseHosts, ...question.drainHosts]) {
      if (snapshot.host(name) === undefined) throw new StatusError("NotFound", `there is no host "${name}"`);
    }
    const lookups = overlay(this.#options.lookups, question.manifests);
    const profile = question.policy === undefined ? undefined : policyNamed(question.policy, lookups);
    const { machines, problems } = this.#machinesIn(question.manifests, lookups);
    const steps = forecast({
      snapshot,
      machines,
      loseHosts: question.loseHosts,
      drainHosts: question.drainHosts,
      placeAll: profile !== undefined && question.manifests.length === 0,
      profileOf: (request) => profile ?? binder.profileOf(request),
    });
    let since = clock.monotonic();
    for (;;) {
      const step = steps.next();
      if (step.done === true) return { ...step.value, problems };
      if (clock.monotonic() - since < sliceMs) continue;
      await clock.yield();
      since = clock.monotonic();
    }
  }

  #machinesIn(
    manifests: readonly Resource[],
    lookups: RequestLookups,
  ): { readonly machines: readonly PlannedMachine[]; readonly problems: readonly string[] } {
    const machines: PlannedMachine[] = [];
    const problems: string[] = [];
    for (const manifest of manifests) {
      if (!isOf(manifest, VirtualMachineKind)) continue;
      const { namespace = "default", name } = manifest.metadata;
      const stored = this.#options.machineNamed(namespace, name);
      const uid = stored?.metadata.uid ?? `planned ${namespace}/${name}`;
      const status = stored?.status;
      const metadata = { ...manifest.metadata, namespace, uid };
      const vm = { ...manifest, metadata, ...(status === undefined ? {} : { status }) };
      const resolution = resolveRequest(vm, lookups);
      if (resolution.type === "blocked") problems.push(`${namespace}/${name}: ${resolution.message}`);
      else machines.push({ request: resolution.request, hostName: status?.hostName });
    }
    return { machines, problems };
  }
}

function isOf<T extends Resource>(resource: Resource, kind: Kind<T>): resource is T {
  return resource.kind === kind.kind;
}

/** What the manifests say comes before what is stored. */
function overlay(lookups: RequestLookups, manifests: readonly Resource[]): RequestLookups {
  const named = <T extends Resource>(kind: Kind<T>) => {
    const found = manifests.filter((resource): resource is T => isOf(resource, kind));
    return new Map(found.map((resource) => [resource.metadata.name, resource]));
  };
  const types = named(InstanceTypeKind);
  const policies = named(PlacementPolicyKind);
  const classes = named(PriorityClassKind);
  return {
    image: (name) => lookups.image(name),
    volume: (namespace, name) => lookups.volume(namespace, name),
    instanceType: (name) => types.get(name) ?? lookups.instanceType(name),
    placementPolicy: (name) => policies.get(name) ?? lookups.placementPolicy(name),
    priorityClasses: () => [
      ...classes.values(),
      ...[...lookups.priorityClasses()].filter(({ metadata }) => !classes.has(metadata.name)),
    ],
  };
}

function policyNamed(name: string, lookups: RequestLookups): Profile {
  const type = builtIn.find((known) => known === name);
  if (type !== undefined) return compilePolicy({ type });
  const policy = lookups.placementPolicy(name);
  if (policy !== undefined) return compilePolicy(policy.spec);
  const known = `${builtIn.join(", ")}, or the name of a PlacementPolicy`;
  throw new StatusError("NotFound", `there is no placement policy "${name}"; give one of ${known}`);
}
