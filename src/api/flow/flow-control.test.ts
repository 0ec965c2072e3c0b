import t from "tap";
import { createMetrics, silentMetrics } from "../../runtime/metrics.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { flowOf } from "./flow-class.ts";
import { defaultLimits, FlowControl } from "./flow-control.ts";

const clock = new ManualClock();
const machines = "/apis/ostler.dev/v1/virtualmachines";
const one = { seats: 1, seatsEach: 1, queued: 0, waitMs: 0 };

t.test("what overloads one class leaves the others their seats", async (t) => {
  const limits = { system: one, writes: one, reads: one, lists: one, watches: one };
  const control = new FlowControl(limits, clock, silentMetrics);
  const flows = [
    flowOf("GET", "/metrics"),
    flowOf("POST", machines),
    flowOf("GET", "/version"),
    flowOf("GET", machines),
    flowOf("GET", `${machines}?watch=1`),
  ];
  for (const flow of flows) t.equal(control.enter("a", flow).turn, undefined, flow.flowClass);
  for (const flow of flows) t.throws(() => control.enter("a", flow), /too many/);
});

t.test("a list takes seats for as many objects as there were the last time", async (t) => {
  const metrics = createMetrics();
  const control = new FlowControl(defaultLimits, clock, metrics);
  const taken = async (url: string): Promise<string | undefined> => {
    const list = control.enter("a", flowOf("GET", url));
    const seats = /current_requests\{class="lists"\} (\d+)/.exec(await metrics.render())?.[1];
    list.leave();
    return seats;
  };
  t.equal(await taken(machines), "1");
  control.enter("a", flowOf("GET", `${machines}?resourceVersion=0`)).leave();
  const list = control.enter("a", flowOf("GET", machines));
  list.learn(5000);
  list.leave();
  t.equal(await taken(machines), "11");
  t.equal(await taken(`${machines}?resourceVersion=0`), "11");
  t.equal(await taken(`${machines}?limit=500`), "2");
  const part = control.enter("a", flowOf("GET", `${machines}?labelSelector=a`));
  part.learn(3);
  part.leave();
  t.equal(await taken(machines), "11", "a part says nothing about the whole");
  const last = control.enter("a", flowOf("GET", machines));
  last.learn(3);
  last.leave();
  t.equal(await taken(machines), "1");
});

t.test("each class shows what it serves, what waits, and what it refused", async (t) => {
  const metrics = createMetrics();
  const writes = { seats: 1, seatsEach: 1, queued: 1, waitMs: 1000 };
  const control = new FlowControl({ ...defaultLimits, writes }, clock, metrics);
  const flow = flowOf("POST", machines);
  control.enter("a", flow);
  const second = control.enter("a", flow);
  t.throws(() => control.enter("a", flow));
  const text = await metrics.render();
  t.match(text, 'ostler_api_current_requests{class="writes"} 1');
  t.match(text, 'ostler_api_queued_requests{class="writes"} 1');
  t.match(text, 'ostler_api_rejected_requests_total{class="writes"} 1');
  t.match(text, 'ostler_api_rejected_requests_total{class="reads"} 0');
  second.turn?.catch(() => {});
  second.leave();
});
