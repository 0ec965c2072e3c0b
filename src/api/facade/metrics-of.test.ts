import t from "tap";
import { admit } from "../../schema/admission.ts";
import type { MeasuredHost } from "../../schema/measured-host.ts";
import { NodeMetricsKind, PodMetricsKind } from "../../schema/usage.ts";
import { machine, uid } from "../../testing/machine-fixture.ts";
import { hostObject } from "../../testing/session-fixture.ts";
import { nodeMetricsOf, podMetricsOf } from "./metrics-of.ts";

const used = { cpus: 0.25, memoryBytes: 2 ** 20 };
const h1: MeasuredHost = {
  hostName: "h1",
  endedAt: Date.UTC(2026, 0, 1),
  windowMs: 1500,
  host: { cpus: 2, memoryBytes: 2 ** 30 },
  guests: new Map([[uid, used]]),
};
const measured = new Map([["h1", h1]]);

t.test("what was measured is told, with when and for how long", async (t) => {
  const stretch = { timestamp: "2026-01-01T00:00:00Z", window: "1.500s" };
  const pod = podMetricsOf(machine({}, { hostName: "h1" }, { labels: { app: "web" } }), measured);
  const containers = [{ name: "console", usage: { cpu: "250000000n", memory: "1024Ki" } }];
  t.match(pod, { ...stretch, metadata: { name: "web", labels: { app: "web" } }, containers });
  t.same(pod && admit(PodMetricsKind, pod), pod, "as its schema says");
  const node = nodeMetricsOf(hostObject("h1"), measured);
  t.match(node, { ...stretch, usage: { cpu: "2000000000n", memory: "1048576Ki" } });
  t.same(node && admit(NodeMetricsKind, node), node);
});

t.test("what nobody measured is not told", async (t) => {
  t.equal(podMetricsOf(machine({}, {}), measured), undefined, "it is nowhere");
  t.equal(podMetricsOf(machine({}, { hostName: "h2" }), measured), undefined, "its host did not answer");
  const another = { uid: "11111111-2222-4333-8444-555555555555" };
  t.equal(podMetricsOf(machine({}, { hostName: "h1" }, another), measured), undefined, "it began just now");
  t.equal(nodeMetricsOf(hostObject("h2"), measured), undefined);
  const { host: _uncounted, ...rest } = h1;
  t.equal(nodeMetricsOf(hostObject("h1"), new Map([["h1", rest]])), undefined);
});
