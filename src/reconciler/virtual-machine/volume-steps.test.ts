import t from "tap";
import { formatTime } from "../../runtime/clock.ts";
import type { AttachedVolume, VirtualMachine } from "../../schema/virtual-machine.ts";
import { desired, domain, lookups, machine, planInput, start } from "../../testing/machine-fixture.ts";
import {
  claim,
  deleted,
  file,
  GiB,
  holderOn,
  on,
  record,
  volume,
} from "../../testing/volume-plan-fixture.ts";
import type { Action } from "./actions.ts";
import { givesUpVolumes, planDefinedReleases, planVolumes, unwantedVolumes } from "./volume-steps.ts";
import { deviceOf } from "./volumes.ts";

const device = deviceOf(record);
const conditions = [
  {
    type: "Ready",
    status: "True" as const,
    reason: "",
    message: "",
    lastTransitionTime: "2026-01-01T00:00:00Z",
  },
];
const known = lookups(volume(on("h1", { attachedTo: claim, conditions }), {}, { size: "2Gi" }));
const plain = machine({}, { hostName: "h1", attachedVolumes: [record] }, { namespace: "default" });

interface Given {
  readonly live?: boolean;
  readonly defined?: boolean;
  readonly bytes?: number;
  readonly now?: number;
}

function plan(vm: VirtualMachine, { live = false, defined = live, bytes = 2 * GiB, now = start }: Given) {
  const found = domain(machine());
  const definition = found.definition;
  const volumes = defined ? { volumes: [device] } : {};
  const seen = {
    domain: { ...found, ...(definition === undefined ? {} : { definition: { ...definition, ...volumes } }) },
    volumes: new Map([[file, { name: file, capacityBytes: bytes }]]),
    live: new Map(live ? [[file, device]] : []),
  };
  const input = { ...planInput(vm, seen, now), desired: desired(vm, known) };
  return { input, steps: planVolumes(input, seen.domain) };
}

const types = (actions: readonly Action[]) => actions.map(({ type }) => type);

const cases: readonly [string, VirtualMachine, Given, readonly string[]][] = [
  ["what is named and nowhere is attached", holderOn("h1"), {}, ["AttachVolume"]],
  ["what only the definition has is attached", holderOn("h1"), { defined: true }, ["AttachVolume"]],
  ["what only the guest has is defined", holderOn("h1"), { live: true, defined: false }, ["AttachVolume"]],
  ["what is there stays", holderOn("h1"), { live: true }, []],
  ["what is too small grows", holderOn("h1"), { live: true, bytes: GiB }, ["GrowVolume"]],
  ["what is not named any more goes", plain, { live: true }, ["DetachVolume"]],
  ["what only the definition still has goes", plain, { defined: true }, ["DetachVolume"]],
  ["what is gone is gone", plain, {}, []],
];

for (const [title, vm, given, wanted] of cases) {
  t.test(title, async (t) => {
    t.same(types(plan(vm, given).steps.actions), wanted);
  });
}

t.test(
  "what is lost or being deleted comes to no guest that does not have it, and stays with one that has",
  async (t) => {
    const vm = holderOn("h1", { attachedVolumes: [record] });
    const lost = lookups(volume(on("h1", { attachedTo: claim, phase: "Lost" })));
    const going = lookups(volume(on("h1", { attachedTo: claim, conditions }), deleted));
    for (const known of [lost, going]) {
      const nowhere = plan(vm, {}).input;
      t.same(planVolumes({ ...nowhere, desired: desired(vm, known) }, domain(machine())).actions, []);
      const { input } = plan(vm, { live: true });
      t.same(
        planVolumes({ ...input, desired: desired(vm, known) }, input.observed.domain ?? domain(vm)).actions,
        [],
      );
    }
  },
);

t.test("what is attached that nobody has written down is left alone", async (t) => {
  const vm = machine({}, { hostName: "h1" }, { namespace: "default" });
  t.same(plan(vm, { live: true }).steps, { actions: [] });
});

t.test("a guest that holds on is asked again after 5, 10, 20, 40 and 60 seconds", async (t) => {
  for (const [index, seconds] of [5, 10, 20, 40, 60, 60].entries()) {
    const asked: AttachedVolume = {
      ...record,
      detachRequestedAt: formatTime(start),
      detachRequests: index + 1,
    };
    const vm = { ...plain, status: { ...plain.status, attachedVolumes: [asked] } };
    const early = plan(vm, { live: true, now: start + seconds * 1000 - 1 }).steps;
    t.same(early, { actions: [], requeueAfterMs: 1 }, `${seconds} s`);
    t.same(types(plan(vm, { live: true, now: start + seconds * 1000 }).steps.actions), ["DetachVolume"]);
    const back = plan(vm, { live: true, now: start - 3_600_000 }).steps;
    t.same(
      types(back.actions),
      ["DetachVolume"],
      "at once, and not an hour later, when the clock was set back",
    );
    const defined = plan(vm, { defined: true, now: start }).steps;
    t.same(types(defined.actions), ["DetachVolume"], "a definition need not be waited for");
  }
});

t.test("without a process only the definition gives back", async (t) => {
  const { input } = plan(plain, { defined: true });
  t.same(types(planDefinedReleases(input)), ["DetachVolume"]);
  t.same(planDefinedReleases({ ...input, observed: { domain: undefined, volumes: new Map() } }), []);
});

t.test("while the rest of the spec cannot be followed, the names in it still count", async (t) => {
  const blockedBy = { reason: "InstanceTypeNotFound", message: "" } as const;
  const blocked = { type: "blocked", blockedBy } as const;
  t.same(unwantedVolumes({ vm: plain, desired: blocked }), [record]);
  const vm = holderOn("h1", { attachedVolumes: [record] });
  t.same(unwantedVolumes({ vm, desired: blocked }), []);
  t.equal(givesUpVolumes(plain), true);
  t.equal(givesUpVolumes(vm), false);
  t.equal(givesUpVolumes(machine()), false);
});
