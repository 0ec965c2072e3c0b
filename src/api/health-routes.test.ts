import t from "tap";
import { startApi } from "../testing/api-fixture.ts";

t.test("a server that is not ready says why, but is alive", async (t) => {
  await using api = await startApi({ ready: () => ({ ready: false, reasons: ["store: still loading"] }) });
  t.match(await api.call("GET", "/readyz"), { code: 503, text: "not ready\nstore: still loading" });
  t.match(await api.call("GET", "/livez"), { code: 200, text: "ok" });
  t.equal((await api.call("HEAD", "/healthz")).code, 200);
});

t.test("metrics are in Prometheus' text format", async (t) => {
  await using api = await startApi();
  await api.call("GET", "/version");
  const { code, text, headers } = await api.call("GET", "/metrics");
  t.equal(code, 200);
  t.match(headers["content-type"], "text/plain; version=0.0.4");
  t.match(text, 'ostler_api_requests_total{verb="GET",code="200"} 1');
});
