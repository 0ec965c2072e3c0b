import { createHmac } from "node:crypto";
import t from "tap";
import { fingerprint, KnownHosts, keyTypeOf } from "./known-hosts.ts";

function keyOf(type: string, body: string): Buffer {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(type.length);
  return Buffer.concat([word, Buffer.from(type), Buffer.from(body)]);
}

const ed25519 = keyOf("ssh-ed25519", "one");
const rsa = keyOf("ssh-rsa", "two");
const other = keyOf("ssh-ed25519", "three");
const line = (names: string, key: Buffer): string =>
  `${names} ${keyTypeOf(key)} ${key.toString("base64")} comment`;

function hashed(name: string): string {
  const salt = Buffer.from("0123456789abcdefghij");
  const hash = createHmac("sha1", salt).update(name).digest("base64");
  return `|1|${salt.toString("base64")}|${hash}`;
}

t.test("a host is known by its name and port", async (t) => {
  const known = new KnownHosts(
    [
      "# comment",
      "",
      line("host.a,10.0.0.1", ed25519),
      line("[host.b]:2222", rsa),
      line(hashed("host.c"), ed25519),
    ].join("\n"),
  );
  t.strictSame(known.verify("host.a", 22, ed25519), { type: "known" });
  t.strictSame(known.verify("HOST.A", 22, ed25519), { type: "known" });
  t.strictSame(known.verify("10.0.0.1", 22, ed25519), { type: "known" });
  t.strictSame(known.verify("host.b", 2222, rsa), { type: "known" });
  t.strictSame(known.verify("host.c", 22, ed25519), { type: "known" });
  t.strictSame(known.verify("host.b", 22, rsa), { type: "unknown" });
  t.strictSame(known.verify("host.a", 2222, ed25519), { type: "unknown" });
  t.strictSame(known.verify("host.d", 22, ed25519), { type: "unknown" });
});

t.test("another key under a known name is a change, with the lines to look at", async (t) => {
  const known = new KnownHosts(`${line("host", rsa)}\n${line("host", ed25519)}`);
  t.strictSame(known.verify("host", 22, other), { type: "changed", lines: [1, 2] });
  t.strictSame(known.keyTypes("host", 22), ["ssh-rsa", "ssh-ed25519"]);
});

t.test("a revoked key is refused even where it is known", async (t) => {
  const known = new KnownHosts(
    `${line("host", ed25519)}\n@revoked ${line("elsewhere", ed25519)}\n@revoked ${line("*", ed25519)}`,
  );
  t.strictSame(known.verify("host", 22, ed25519), { type: "revoked", line: 3 });
});

t.test("patterns match and exclude", async (t) => {
  const known = new KnownHosts(line("*.lab,!bad.lab,10.0.0.?", ed25519));
  t.equal(known.verify("good.lab", 22, ed25519).type, "known");
  t.equal(known.verify("bad.lab", 22, ed25519).type, "unknown");
  t.equal(known.verify("10.0.0.7", 22, ed25519).type, "known");
  t.equal(known.verify("10.0.0.77", 22, ed25519).type, "unknown");
  t.equal(known.verify("goodxlab", 22, ed25519).type, "unknown", "a dot is a dot");
});

t.test("lines that make no sense make no host known", async (t) => {
  const text = [
    "host",
    "host ssh-ed25519",
    "host ssh-ed25519 !!!",
    `host ssh-rsa ${ed25519.toString("base64")}`,
    `@cert-authority ${line("host", ed25519)}`,
    `|1|bad ssh-ed25519 ${ed25519.toString("base64")}`,
    `|2|c2FsdA==|aGFzaA== ssh-ed25519 ${ed25519.toString("base64")}`,
  ].join("\n");
  t.strictSame(new KnownHosts(text).verify("host", 22, ed25519), { type: "unknown" });
});

t.test("fingerprints look as ssh-keygen prints them", async (t) => {
  t.match(fingerprint(ed25519), /^SHA256:[A-Za-z0-9+/]{43}$/);
});
