import t from "tap";
import { admit } from "../../schema/admission.ts";
import { HostKind, type HostStatus } from "../../schema/host.ts";
import { tellReachability } from "./reachability.ts";

type Word = "True" | "False" | "Unknown" | undefined;

function status(word: Word, message: string): HostStatus {
  if (word === undefined) return {};
  const told = { type: "Unreachable", status: word, reason: "Because", message } as const;
  return { conditions: [{ ...told, lastTransitionTime: "2026-01-01T00:00:00Z" }] };
}

function told(before: Word, after: Word, message: string): readonly string[] {
  const events: string[] = [];
  const head = { apiVersion: "ostler.dev/v1", kind: "Host", metadata: { name: "h1" } };
  const host = { ...admit(HostKind, { ...head, spec: { uri: "fake://h1" } }), status: status(before, "") };
  const record = (_host: unknown, type: string, reason: string, text: string): void =>
    void events.push(`${type} ${reason}: ${text}`);
  tellReachability(record, host, status(after, message));
  return events;
}

t.test("a host that is lost is told of, and that it is back", async (t) => {
  t.same(told("False", "True", "no answer"), ["Warning Unreachable: no answer"]);
  t.same(told("True", "False", "libvirt answers"), [
    "Normal Reachable: libvirt answers; it had not since 2026-01-01T00:00:00Z",
  ]);
});

t.test("one that never answered is told of, one that always did is not", async (t) => {
  t.same(told(undefined, "True", "refused"), ["Warning Unreachable: refused"]);
  t.same(told(undefined, "False", "libvirt answers"), []);
});

t.test("nothing is told as long as it stays as it is", async (t) => {
  t.same(told("True", "True", "another reason"), []);
  t.same(told("False", "False", ""), []);
  t.same(told(undefined, "Unknown", "no answer yet"), []);
  t.same(told("Unknown", "False", "libvirt answers"), []);
});
