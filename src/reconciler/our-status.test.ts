import t from "tap";
import type { VirtualMachineStatus } from "../schema/virtual-machine.ts";
import { machine } from "../testing/machine-fixture.ts";
import { isOurStatus } from "./our-status.ts";

const asker = { requestedBy: "admin", requestedAt: "2026-01-01T00:00:00Z" };

function change(status: VirtualMachineStatus, metadata: Record<string, unknown> = {}) {
  return { type: "modified", previous: machine(), object: machine({}, status, metadata) } as const;
}

t.test("what only the controller writes calls nobody", async (t) => {
  t.ok(isOurStatus(change({ hostName: "h1", placementEpoch: 2 })));
});

t.test("what a person asks for, a new spec and a deletion do", async (t) => {
  t.notOk(isOurStatus(change({ restartRequest: asker })));
  t.notOk(isOurStatus(change({ runOverride: { action: "Stop", runStrategy: "Always", ...asker } })));
  t.notOk(isOurStatus(change({ pauseRequest: { action: "Pause", ...asker } })));
  t.notOk(isOurStatus(change({}, { generation: 2 })));
  t.notOk(isOurStatus(change({}, { deletionTimestamp: "2026-01-01T00:00:00Z" })));
  t.notOk(isOurStatus({ type: "added", object: machine() }));
});
