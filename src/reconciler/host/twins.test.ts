import t from "tap";
import { admit } from "../../schema/admission.ts";
import { type Host, HostKind } from "../../schema/host.ts";
import { firstOf, Twins } from "./twins.ts";

t.test("Hosts that lead to one machine are told of each other, however they come to", async (t) => {
  const twins = new Twins();
  t.same(twins.note("a", "u1"), []);
  t.same(twins.note("b", "u2"), []);
  t.same(twins.of("a"), []);
  t.same(twins.note("b", "u1"), ["a"]);
  t.same(twins.note("b", "u1"), [], "nothing is new");
  t.same([twins.of("a"), twins.of("b")], [["b"], ["a"]]);
  t.same(twins.note("c", "u1"), ["a", "b"]);
  t.same(twins.note("c", "u2"), ["a", "b"]);
  t.same(twins.note("b", undefined), ["a"]);
  t.same(twins.of("a"), []);
  t.same(twins.of("unknown"), []);
});

function host(name: string, hostUuid?: string, creationTimestamp = "2026-01-01T00:00:00Z"): Host {
  const head = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name } };
  const made = admit(HostKind, { ...head, spec: { uri: "fake://h" } });
  return {
    ...made,
    metadata: { ...made.metadata, creationTimestamp },
    status: hostUuid === undefined ? {} : { hostUuid },
  };
}

t.test("of several the one that led there first stands for the machine, else the oldest", async (t) => {
  const first = (...[one, ...others]: readonly [Host, ...Host[]]) => firstOf(one, others, "u1").metadata.name;
  t.equal(first(host("a")), "a");
  t.equal(first(host("a"), host("b", "u1")), "b");
  t.equal(first(host("b", "u1"), host("a", "u2")), "b");
  t.equal(first(host("a"), host("b", undefined, "2025-01-01T00:00:00Z")), "b");
  t.equal(first(host("c", "u1"), host("b", "u1"), host("a")), "b");
  t.equal(first(host("b"), host("a")), "a", "whoever asks");
});
