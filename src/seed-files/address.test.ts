import t from "tap";
import { hostInUri, isLoopback, parseAddress } from "./address.ts";

const good: readonly (readonly [string, string | undefined, string, number | undefined])[] = [
  ["10.0.0.1", undefined, "10.0.0.1", undefined],
  ["root@10.0.0.1", "root", "10.0.0.1", undefined],
  ["root@10.0.0.1:2222", "root", "10.0.0.1", 2222],
  ["Rack1.Example.ORG", undefined, "rack1.example.org", undefined],
  ["my_user@rack_1:22", "my_user", "rack_1", 22],
  ["[fe80::1]", undefined, "fe80::1", undefined],
  ["root@[FE80::1]:22", "root", "fe80::1", 22],
  ["::1", undefined, "::1", undefined],
];
for (const [text, user, host, port] of good) {
  t.test(`${text} is an address`, async (t) => t.same(parseAddress(text), { user, host, port }));
}

const bad = [
  "",
  "@h",
  "root@",
  "999.1.1.1",
  "10.0.0",
  "10.0.0.1:0",
  "10.0.0.1:65536",
  "10.0.0.1:ssh",
  "-oProxyCommand=reboot",
  "-l@h",
  "h;reboot",
  "$(reboot)",
  "a b",
  "[10.0.0.1]",
  "[fe80::1",
  "fe80::zz",
  "[fe80::1%eth0]",
  "a..b",
  `${"x".repeat(64)}.org`,
];
for (const text of bad) {
  t.test(`${JSON.stringify(text)} is none`, async (t) => t.type(parseAddress(text), "string"));
}

t.test("this machine has several names", async (t) => {
  for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "::1"]) t.ok(isLoopback({ host }), host);
  for (const host of ["10.0.0.1", "localhost.example.org", "::2"]) t.notOk(isLoopback({ host }), host);
});

t.test("an IPv6 address stands in brackets", async (t) => {
  t.equal(hostInUri("::1"), "[::1]");
  t.equal(hostInUri("h"), "h");
});
