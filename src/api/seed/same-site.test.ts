import t from "tap";
import { isFromAnotherSite } from "./same-site.ts";

t.test("a browser that asks for a page of another site is told from everything else", async (t) => {
  const host = "localhost:8080";
  for (const headers of [{}, { "sec-fetch-site": "none" }, { "sec-fetch-site": "same-origin" }]) {
    t.notOk(isFromAnotherSite({ host, ...headers }), JSON.stringify(headers));
  }
  t.notOk(isFromAnotherSite({ host, origin: "http://localhost:8080" }));
  for (const headers of [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example.org" },
    { origin: "http://localhost:9090" },
    { origin: "null" },
  ]) {
    t.ok(isFromAnotherSite({ host, ...headers }), JSON.stringify(headers));
  }
});
