import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { Client } from "../api/client.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { machinesPath, smallMachine, startApi } from "../testing/api-fixture.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { rejectsWith } from "../testing/rejects-with.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { waitFor } from "./wait-for.ts";

t.test("waiting sees a change that comes after it looked, and goes on when a watch ends", async (t) => {
  await using api = await startApi({ listen: true });
  t.ok(await readFile(join(api.directory, "ca.crt")));
  await using client = new Client(await readKubeconfig(api.kubeconfig));
  await api.call("POST", machinesPath, { body: smallMachine });
  const clock = new ManualClock();
  const seen: unknown[] = [];
  const options = {
    client,
    clock,
    kind: VirtualMachineKind,
    key: { namespace: "default", name: "web" },
    timeoutMs: 1000,
    signal: new AbortController().signal,
    goal: "change",
  };
  await waitFor({
    ...options,
    met: (resource) => {
      seen.push(resource?.metadata.labels?.app);
      if (seen.length > 1) return true;
      void api.call("PATCH", `${machinesPath}/web`, {
        body: { metadata: { labels: { app: "changed" } } },
        headers: { "content-type": "application/merge-patch+json" },
      });
      return false;
    },
  });
  t.same(seen, ["web", "changed"]);
  t.equal(clock.pendingTimers, 0);
  const met = () => {
    void clock.advance(1000);
    return false;
  };
  const late = waitFor({ ...options, met });
  await rejectsWith(t, late, "Timeout", "change did not come within 1 s");
});
