import t from "tap";
import { createMetrics } from "../../runtime/metrics.ts";
import { sessionFixture } from "../../testing/session-fixture.ts";
import { watchHosts } from "./host-metrics.ts";

t.test("what each host does is told when somebody looks, and nothing of hosts that are gone", async (t) => {
  const { clock, host, sessions, ensure, stop } = await sessionFixture();
  const metrics = createMetrics();
  watchHosts(metrics, () => sessions.all);
  await ensure("h1");
  await ensure("h2");
  await clock.advance(7_000);
  const age = "ostler_host_last_seen_age_seconds";
  t.match(await metrics.render(), /ostler_host_up\{host="h1"\} 1\n/);
  t.match(await metrics.render(), `${age}{host="h1"} 7\n`);
  t.match(await metrics.render(), /ostler_host_calls_in_flight\{host="h2"\} 0\n/);
  host.dropLinks("libvirtd restarted");
  await clock.advance(1);
  t.match(await metrics.render(), /ostler_host_up\{host="h1"\} 0\n/);
  t.match(await metrics.render(), `${age}{host="h1"} 7.001\n`);
  await clock.advance(1_500);
  t.match(await metrics.render(), /ostler_host_reconnects_total\{host="h1"\} 1\n/);
  t.match(await metrics.render(), "# TYPE ostler_host_reconnects_total counter");
  await sessions.remove("h1");
  t.notMatch(await metrics.render(), 'host="h1"');
  t.match(await metrics.render(), 'host="h2"');
  await stop();
});
