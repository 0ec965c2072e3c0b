import { hostname } from "node:os";
import t from "tap";
import { isLoopback, reachableHost, serverNames } from "./server-names.ts";

t.test("a server is reached by loopback, its host's name and the address it listens on", async (t) => {
  const names = serverNames("10.1.2.3");
  for (const name of ["localhost", "127.0.0.1", "::1", hostname().toLowerCase(), "10.1.2.3"]) {
    t.ok(names.includes(name), name);
  }
  t.equal(new Set(names).size, names.length);
});

t.test("a server that listens everywhere is not called by the wildcard", async (t) => {
  t.notOk(serverNames("0.0.0.0").includes("0.0.0.0"));
  t.equal(reachableHost("0.0.0.0"), "127.0.0.1");
  t.equal(reachableHost("::"), "::1");
  t.equal(reachableHost("10.1.2.3"), "10.1.2.3");
});

t.test("loopback is told from the rest", async (t) => {
  for (const host of ["127.0.0.1", "127.9.9.9", "::1", "localhost"]) t.ok(isLoopback(host), host);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.evil.org", "fe80::1"])
    t.notOk(isLoopback(host), host);
});
