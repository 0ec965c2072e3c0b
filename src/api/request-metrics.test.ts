import t from "tap";
import { createMetrics } from "../runtime/metrics.ts";
import { RequestMetrics } from "./request-metrics.ts";

t.test("requests are counted by method and code, and timed unless they are watches", async (t) => {
  const metrics = createMetrics();
  const requests = new RequestMetrics(metrics);
  requests.record({ method: "GET", code: 200, watch: false, elapsedMs: 3 });
  requests.record({ method: "GET", code: 200, watch: false, elapsedMs: 3 });
  requests.record({ method: "PUT", code: 409, watch: false, elapsedMs: 3 });
  requests.record({ method: "GET", code: 200, watch: true, elapsedMs: 99_000 });
  const text = await metrics.render();
  t.match(text, 'ostler_api_requests_total{verb="GET",code="200"} 2');
  t.match(text, 'ostler_api_requests_total{verb="PUT",code="409"} 1');
  t.match(text, 'ostler_api_requests_total{verb="WATCH",code="200"} 1');
  t.match(text, 'ostler_api_request_duration_seconds_count{verb="GET"} 2');
  t.notMatch(text, 'ostler_api_request_duration_seconds_count{verb="WATCH"}');
});
