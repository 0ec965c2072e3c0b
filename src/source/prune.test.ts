import t from "tap";
import { HostKind } from "../schema/host.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { VolumeKind } from "../schema/volume.ts";
import { type PruneInput, type PrunePlan, planPrune } from "./prune.ts";
import type { StoredObject } from "./stored-object.ts";

function machine(name: string, namespace = "default", uid = `uid-${name}`): StoredObject {
  const object = { apiVersion: "ostler.dev/v1", kind: "VirtualMachine", metadata: { name, namespace, uid } };
  return { kind: VirtualMachineKind, object };
}

function namespace(name: string): StoredObject {
  return {
    kind: NamespaceKind,
    object: { apiVersion: "v1", kind: "Namespace", metadata: { name, uid: name } },
  };
}

/** Something on a host; `deletionTimestamp` when it is going. */
function on(hostName: string, { kind, object }: StoredObject, deletionTimestamp?: string): StoredObject {
  const metadata = { ...object.metadata, ...(deletionTimestamp !== undefined && { deletionTimestamp }) };
  return { kind, object: Object.assign({ ...object, metadata }, { status: { hostName } }) };
}

function host(name: string): StoredObject {
  const object = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name, uid: `uid-${name}` } };
  return { kind: HostKind, object };
}

function volume(name: string): StoredObject {
  const metadata = { name, namespace: "default", uid: `uid-${name}` };
  return { kind: VolumeKind, object: { apiVersion: "ostler.dev/v1", kind: "Volume", metadata } };
}

function machines(count: number): readonly StoredObject[] {
  return Array.from({ length: count }, (_, index) => machine(`vm-${index}`));
}

const base: PruneInput = {
  missing: [machine("one")],
  owned: 100,
  declared: 99,
  stored: [],
  enabled: true,
  settling: false,
  doubts: [],
  confirmed: undefined,
  sighting: undefined,
  nowMs: 1000,
  secondLookMs: 5000,
  digest: (text) => text,
};

/** What comes of the input when the same set is seen again ten seconds later. */
function second(change: Partial<PruneInput>): string {
  const input = { ...base, ...change };
  const first = planPrune(input);
  if (first.type !== "wait") return first.type;
  const plan = planPrune({ ...input, sighting: first.sighting, nowMs: input.nowMs + 10_000 });
  return plan.type === "blocked" ? plan.doubt.reason : plan.type;
}

t.test("the first look only counts from now", async (t) => {
  t.match(planPrune(base), { type: "wait", sighting: { sinceMs: 1000 }, delayMs: 5000 });
});

t.test("the same set five seconds later is deleted", async (t) => {
  const first = planPrune(base);
  const sighting = first.type === "wait" ? first.sighting : undefined;
  t.match(planPrune({ ...base, sighting, nowMs: 5999 }), { type: "wait", sighting, delayMs: 1 });
  t.match(planPrune({ ...base, sighting, nowMs: 6000 }), { type: "delete", deletions: base.missing });
});

t.test("another set is counted anew, whether it is larger, smaller or of another uid", async (t) => {
  const first = planPrune({ ...base, missing: machines(2) });
  const sighting = first.type === "wait" ? first.sighting : undefined;
  for (const missing of [machines(1), machines(3), [machine("vm-0"), machine("vm-1", "default", "new")]]) {
    t.match(planPrune({ ...base, missing, sighting, nowMs: 9000 }), { type: "wait", delayMs: 5000 });
  }
});

t.test("the set is the same in any order", async (t) => {
  const first = planPrune({ ...base, missing: machines(3) });
  const again = planPrune({ ...base, missing: machines(3).toReversed() });
  t.strictSame(first, again);
});

const guards: readonly [string, Partial<PruneInput>, string][] = [
  ["nothing missing", { missing: [] }, "nothing"],
  ["pruning is off", { enabled: false }, "nothing"],
  ["three of three", { missing: machines(3), owned: 3, declared: 1 }, "delete"],
  ["four of thirty-nine", { missing: machines(4), owned: 39 }, "TooManyDeletions"],
  ["four of forty", { missing: machines(4), owned: 40 }, "delete"],
  ["a hundred of a thousand", { missing: machines(100), owned: 1000 }, "delete"],
  ["a hundred and one of a thousand", { missing: machines(101), owned: 1000 }, "TooManyDeletions"],
  ["nothing declared", { declared: 0 }, "FolderEmpty"],
  ["a doubt", { doubts: [{ reason: "DeviceChanged", message: "" }] }, "DeviceChanged"],
  ["the first doubt", { declared: 0, doubts: [{ reason: "BrokenFiles", message: "" }] }, "BrokenFiles"],
  ["a file being written", { settling: true }, "wait"],
  [
    "an empty namespace",
    { missing: [namespace("blue")], stored: [namespace("blue"), machine("a")] },
    "delete",
  ],
  ["a namespace in use", { missing: [namespace("blue")], stored: [machine("a", "blue")] }, "NamespaceInUse"],
  [
    "a namespace that goes with all in it",
    { missing: [namespace("blue"), machine("a", "blue")], stored: [machine("a", "blue"), namespace("blue")] },
    "delete",
  ],
  ["an empty host", { missing: [host("h1")], stored: [host("h1"), on("h2", machine("a"))] }, "delete"],
  ["a host with a machine", { missing: [host("h1")], stored: [on("h1", machine("a"))] }, "HostInUse"],
  ["a host with a volume", { missing: [host("h1")], stored: [on("h1", volume("a"))] }, "HostInUse"],
  [
    "a host of whose machines one stays",
    {
      missing: [host("h1"), machine("a")],
      stored: [host("h1"), on("h1", machine("a")), on("h1", machine("b"))],
    },
    "HostInUse",
  ],
  [
    "a host of whose machines the last one is going",
    { missing: [host("h1")], stored: [on("h1", machine("a"), "2026-01-01T00:00:00Z")] },
    "nothing",
  ],
];

for (const [title, change, expected] of guards) {
  t.test(`${title}: ${expected}`, async (t) => t.equal(second(change), expected));
}

t.test(
  "a confirmed set is deleted at once, whatever the doubts; only a file being written delays it",
  async (t) => {
    const doubtful = { ...base, missing: machines(50), declared: 0, doubts: [{ reason: "X", message: "" }] };
    const first = planPrune(doubtful);
    const confirmed = first.type === "wait" ? first.sighting.hash : "";
    t.equal(planPrune({ ...doubtful, confirmed }).type, "delete");
    t.equal(planPrune({ ...doubtful, confirmed, settling: true }).type, "wait");
    t.equal(planPrune({ ...doubtful, confirmed, missing: machines(51) }).type, "wait");
    t.equal(planPrune({ ...doubtful, confirmed, missing: machines(49) }).type, "wait");
  },
);

/** The plans of looks ten seconds apart, each of which knows only what the one before told it. */
function plansOf(...changes: readonly Partial<PruneInput>[]): readonly PrunePlan[] {
  let sighting = base.sighting;
  return changes.map((change, index) => {
    const plan = planPrune({ ...base, ...change, sighting, nowMs: 10_000 * (index + 1) });
    sighting = plan.type === "nothing" ? undefined : plan.sighting;
    return plan;
  });
}

/** What comes of them, in a word. */
function looks(...changes: readonly Partial<PruneInput>[]): readonly string[] {
  return plansOf(...changes).map((plan) => (plan.type === "blocked" ? plan.doubt.reason : plan.type));
}

t.test(
  "what went missing with all others is not deleted while the folder is being filled again",
  async (t) => {
    const emptied = { missing: machines(3), owned: 3, declared: 0 };
    const oneBack = { missing: machines(2), owned: 3, declared: 1 };
    t.strictSame(looks(emptied, emptied, oneBack, oneBack), ["wait", "FolderEmpty", "wait", "FolderEmpty"]);
    const many = { missing: machines(20), owned: 30, declared: 10 };
    const fewLeft = { missing: machines(2), owned: 30, declared: 28 };
    t.strictSame(looks(many, fewLeft, fewLeft), ["wait", "wait", "TooManyDeletions"]);
  },
);

t.test("what went missing later, when all of the doubtful are back, is deleted", async (t) => {
  const emptied = { missing: machines(3), owned: 3, declared: 0 };
  const other = { missing: [machine("other")], owned: 4, declared: 3 };
  t.strictSame(looks(emptied, emptied, other, other), ["wait", "FolderEmpty", "wait", "delete"]);
});

t.test("a broken file that is mended leaves no doubt behind", async (t) => {
  const broken = { doubts: [{ reason: "BrokenFiles", message: "" }] };
  t.strictSame(looks(broken, broken, {}), ["wait", "BrokenFiles", "delete"]);
});

t.test(
  "a doubt that lasts is told before one that passes, which would else be all that is remembered",
  async (t) => {
    const emptied = { missing: machines(2), owned: 3, declared: 0 };
    const unmounted = { ...emptied, declared: 1, doubts: [{ reason: "DeviceChanged", message: "" }] };
    t.strictSame(looks(emptied, emptied, unmounted, unmounted), [
      "wait",
      "FolderEmpty",
      "FolderEmpty",
      "FolderEmpty",
    ]);
    t.strictSame(looks(unmounted, unmounted), ["wait", "DeviceChanged"]);
  },
);

t.test("the doubt that the status tells of counts after a restart", async (t) => {
  const objects = new Set(["virtualmachines.ostler.dev default/one"]);
  t.equal(second({ past: { reason: "FolderEmpty", objects } }), "FolderEmpty");
  t.equal(second({ past: { reason: "FolderEmpty" } }), "FolderEmpty");
  t.equal(second({ past: { reason: "FolderEmpty", objects: new Set(["another"]) } }), "delete");
  t.equal(second({ past: { reason: "BrokenFiles", objects } }), "delete");
});

t.test(
  "a host goes after what is on it, and whoever confirms the deletion of that need not do so again",
  async (t) => {
    const all = machines(20).map((item) => on("h1", item));
    const together = { missing: [host("h1"), ...all], owned: 21, stored: [host("h1"), ...all] };
    const [first, blocked] = plansOf(together, together);
    const confirmed = first?.type === "wait" ? first.sighting.hash : "";
    t.match(blocked, { type: "blocked", doubt: { reason: "TooManyDeletions" }, deletions: { length: 20 } });
    const terminating = machines(20).map((item) => on("h1", item, "2026-01-01T00:00:00Z"));
    const hostAlone = { missing: [host("h1")], owned: 1, declared: 1 };
    const plans = plansOf(
      together,
      { ...together, confirmed },
      { ...hostAlone, stored: [host("h1"), ...terminating], confirmed },
      { ...hostAlone, stored: [host("h1")], confirmed },
      { ...hostAlone, stored: [host("h1")], confirmed },
    );
    t.strictSame(
      plans.map(({ type }) => type),
      ["wait", "delete", "nothing", "wait", "delete"],
    );
    t.match(plans.at(-1), { deletions: [{ object: { metadata: { name: "h1" } } }] });
  },
);
