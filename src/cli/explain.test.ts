import t from "tap";
import { describeReport, type Report } from "./explain.ts";

const decision = {
  sequence: 4,
  time: "2026-01-01T00:00:00Z",
  type: "Placed",
  policy: "Spread",
  hostName: "h1",
  message: "h1: the best of 1 of 2 hosts that can take it",
  hosts: 2,
  feasible: 1,
} as const;
const passed = { plugin: "HostReady", passed: true } as const;
const report: Report = {
  namespace: "default",
  name: "web",
  hostName: "h1",
  decisions: [decision],
  counterfactuals: [],
  now: {
    namespace: "default",
    name: "web",
    policy: "Spread",
    winner: "h1",
    message: "h1 is chosen: 1 of 2 hosts can take it",
    hostCount: 2,
    feasibleCount: 1,
    hosts: [
      {
        hostName: "h1",
        filters: [passed],
        scores: [{ plugin: "LeastAllocated", points: 75.04, weight: 2 }],
        total: 150.08,
      },
      {
        hostName: "h2",
        filters: [passed, { plugin: "HostUnschedulable", passed: false, reason: "cordoned" }],
      },
    ],
    others: [],
  },
};

t.test("a machine's place is told with its history, every host, and why not", async (t) => {
  t.equal(
    describeReport(report),
    [
      "default/web is on h1",
      "",
      "Decisions, the newest first:",
      "  2026-01-01T00:00:00Z   Placed   Spread   h1: the best of 1 of 2 hosts that can take it",
      "",
      "Now, by Spread: h1 is chosen: 1 of 2 hosts can take it",
      "  HOST   FITS   TOTAL   LeastAllocated x 2   WHY NOT",
      "  h1     yes    150.1   75",
      "  h2     no                                  cordoned (HostUnschedulable)",
      "",
    ].join("\n"),
  );
});

t.test("a machine that fits nowhere is told what would help", async (t) => {
  const { now: _now, hostName: _host, ...rest } = report;
  const text = describeReport({
    ...rest,
    decisions: [{ ...decision, type: "Unschedulable", message: "no room", suggestions: ["uncordon h2"] }],
    counterfactuals: [{ hostName: "h2", changes: [{ type: "Uncordon" }], size: 0.5, message: "uncordon h2" }],
    blocked: 'instance type "big" does not exist',
  });
  t.match(text, /^default\/web has no host\n/);
  t.match(text, /no room; it would fit: uncordon h2\n/);
  t.match(text, /Now: nothing can be decided: instance type "big" does not exist\n/);
  t.match(text, /It would fit, the smallest change first:\n {2}uncordon h2\n$/);
});
