import t from "tap";
import { HostKeyCheck, hostKeyOrder } from "./host-key-check.ts";
import { KnownHosts } from "./known-hosts.ts";

function keyOf(type: string, body: string): Buffer {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(type.length);
  return Buffer.concat([word, Buffer.from(type), Buffer.from(body)]);
}

const [mine, other] = [keyOf("ssh-ed25519", "mine"), keyOf("ssh-ed25519", "other")];
const rsa = keyOf("ssh-rsa", "old");

function check(knownHosts: string): HostKeyCheck {
  return new HostKeyCheck({
    host: "h1",
    port: 22,
    known: new KnownHosts(knownHosts),
    knownHostsLabel: "/state/ssh/known_hosts",
    remedy: 'type "ostler host enroll"',
    label: "ssh:root@h1:22",
  });
}

t.test(
  "a key that is known is accepted, any other refused with its fingerprint and what to do",
  async (t) => {
    const known = check(`h1 ssh-ed25519 ${mine.toString("base64")}`);
    t.ok(known.accept(mine));
    t.equal(known.refusal, undefined);
    t.notOk(known.accept(other));
    t.match(known.refusal, {
      why: "HostKeyChanged",
      message: /SHA256:\S{43}, but .*type "ostler host enroll"/,
    });
    const unknown = check("");
    t.notOk(unknown.accept(mine));
    t.match(unknown.refusal, {
      why: "HostKeyUnknown",
      message: /not in \/state\/ssh\/known_hosts.*, then type/,
    });
    const revoked = check(`@revoked * ssh-ed25519 ${mine.toString("base64")}`);
    t.notOk(revoked.accept(mine));
    t.match(revoked.refusal, { why: "HostKeyRevoked" });
  },
);

t.test("a host is asked first for a key of a type that is known of it", async (t) => {
  t.equal(hostKeyOrder("h1", 22, new KnownHosts(""))[0], "ssh-ed25519");
  const algorithms = hostKeyOrder("h1", 22, new KnownHosts(`h1 ssh-rsa ${rsa.toString("base64")}`));
  t.strictSame(algorithms.slice(0, 3), ["rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519"]);
});
