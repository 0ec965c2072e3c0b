import t from "tap";
import type { Fence } from "../../schema/fence.ts";
import type { Condition } from "../../schema/meta.ts";
import type { VirtualMachineStatus } from "../../schema/virtual-machine.ts";
import { machine, start } from "../../testing/machine-fixture.ts";
import { hostObject } from "../../testing/session-fixture.ts";
import { departed, judgeFailover } from "./failover.ts";

const fence: Fence = {
  proof: "HumanStatement",
  statedBy: "admin",
  statedAt: "2026-01-01T00:00:00Z",
  expiresAt: "2026-01-01T01:00:00Z",
  reason: "it burnt",
  hostUuid: "u-1",
  machines: "All",
  evenInMassOutage: false,
};
const volumes = [{ disk: "root", volume: "vm-u-root.qcow2", backing: "image-a.qcow2", made: true }];
const placed: VirtualMachineStatus = {
  hostName: "h1",
  hostUuid: "u-1",
  placementEpoch: 4,
  allocated: { cpus: 1, memoryBytes: 1, diskBytes: 1 },
  started: true,
  startedAt: "2026-01-01T00:00:00Z",
  startedDefinition: "abc",
  volumes,
};

interface Given {
  readonly spec?: Record<string, unknown>;
  readonly status?: VirtualMachineStatus;
  readonly fence?: Partial<Fence> | undefined;
  readonly isMassOutage?: boolean;
  readonly metadata?: Record<string, unknown>;
}

function judge(
  { spec = {}, status = {}, isMassOutage = false, metadata = {}, ...given }: Given,
  conditions: readonly Condition[] = [],
) {
  const stated = "fence" in given && given.fence === undefined ? {} : { fence: { ...fence, ...given.fence } };
  const host = { ...hostObject("h1"), status: { ...stated, conditions: [...conditions] } };
  const vm = machine(spec, { ...placed, ...status }, metadata);
  return judgeFailover({ vm, host, isMassOutage, now: start + 60_000 });
}

t.test("with a statement that stands a machine that should run may start elsewhere", async (t) => {
  t.match(judge({}), { type: "go", fence });
  t.match(judge({ spec: { failover: "Restart" } }), { type: "go" });
  t.match(judge({ spec: { runStrategy: "RerunOnFailure" } }), { type: "go" });
  t.match(judge({ isMassOutage: true, fence: { evenInMassOutage: true } }), { type: "go" });
  t.match(judge({ fence: { machines: "WithoutDisks" }, status: { volumes: [] } }), { type: "go" });
});

const waits: Readonly<Record<string, Given>> = {
  "without a statement": { fence: undefined },
  "when its time is over": { fence: { expiresAt: "2026-01-01T00:00:30Z" } },
  "when the machine is to be stopped": { spec: { runStrategy: "Halted" } },
  "when it was to run once and has begun": { spec: { runStrategy: "Once" } },
  "when only a person starts it": { spec: { runStrategy: "Manual" } },
  "when its guest had shut itself down": {
    spec: { runStrategy: "RerunOnFailure" },
    status: { startedAt: undefined, lastRunEnd: "GuestShutdown" } as never,
  },
  "when it is being deleted": { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } },
};

for (const [when, given] of Object.entries(waits)) {
  t.test(`nothing is started elsewhere ${when}`, async (t) => t.same(judge(given), { type: "wait" }));
}

t.test("nothing is started elsewhere for as long as its Host says that it is held", async (t) => {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  const told = { type: "MassOutage", status: "True" as const, reason: "", message: "", lastTransitionTime };
  t.match(judge({}, [told]), { type: "held", message: /many hosts are away at once/ });
  t.match(judge({ fence: { evenInMassOutage: true } }, [told]), { type: "go" });
  t.match(judge({}, [{ ...told, status: "False" }]), { type: "go" });
});

const holds: Readonly<Record<string, Given>> = {
  "failover is None": { spec: { failover: "None" } },
  "many hosts are away at once": { isMassOutage: true },
  "that was said of the host with UUID u-2, and it was placed on u-1": { fence: { hostUuid: "u-2" } },
  "only machines without disks move": { fence: { machines: "WithoutDisks" } },
  'volume "data" is there': {
    status: {
      attachedVolumes: [{ disk: "d", name: "data", uid: "u", volume: "volume-u.raw", target: "vdaa" }],
    },
  },
  "copies of it wait on many hosts": {
    status: {
      leftBehind: Array.from({ length: 16 }, (_, epoch) => ({
        hostName: "h9",
        epoch,
        since: "2026-01-01T00:00:00Z",
        volumes: [],
      })),
    },
  },
};

for (const [why, given] of Object.entries(holds)) {
  t.test(`what is against it is said: ${why}`, async (t) => {
    const answer = judge(given);
    t.match(answer, { type: "held", message: /^host "h1" is confirmed down, but / });
    t.match(answer.type === "held" ? answer.message : "", why);
  });
}

t.test("a machine that goes leaves its disks behind under their names, and gets others", async (t) => {
  const status = departed(machine({}, placed), fence, start);
  t.same(status.leftBehind, [
    {
      hostName: "h1",
      hostUuid: "u-1",
      epoch: 4,
      since: "2026-01-01T00:00:00Z",
      volumes: [{ disk: "root", volume: "vm-u-root.qcow2", backing: "image-a.qcow2" }],
    },
  ]);
  t.equal(status.disksEpoch, 5, "the epoch of the placement that is written with it");
  t.match(status.departure, { proof: "HumanStatement", by: "admin", epoch: 4, hostUuid: "u-1" });
  t.match(status, { lastRunEnd: "Failure", started: true, placementEpoch: 4 });
  for (const key of ["hostName", "hostUuid", "volumes", "allocated", "startedAt"])
    t.notOk(key in status, key);
});
