import t from "tap";
import { domainState, isActive } from "./domain-state.ts";

t.test("libvirt's numbers are words", async (t) => {
  t.strictSame(domainState(1, 1), { state: "running", reason: "booted" });
  t.strictSame(domainState(3, 5), { state: "paused", reason: "ioerror" });
  t.strictSame(domainState(5, 3), { state: "shutoff", reason: "crashed" });
  t.strictSame(domainState(5, 2), { state: "shutoff", reason: "destroyed" });
  t.strictSame(domainState(7, 0), { state: "pmsuspended", reason: "unknown" });
});

t.test("numbers that we do not know are no reason to fail", async (t) => {
  t.strictSame(domainState(99, 0), { state: "nostate", reason: "unknown" });
  t.strictSame(domainState(1, 99), { state: "running", reason: "unknown" });
  t.strictSame(domainState(-1, -1), { state: "nostate", reason: "unknown" });
});

t.test("only what is off or crashed has no process", async (t) => {
  const off = [
    "nostate",
    "running",
    "blocked",
    "paused",
    "shutdown",
    "shutoff",
    "crashed",
    "pmsuspended",
  ] as const;
  t.strictSame(
    off.filter((state) => !isActive(state)),
    ["shutoff", "crashed"],
  );
});
