import t from "tap";
import { podOf } from "../api/facade/pod-of.ts";
import { machine } from "../testing/machine-fixture.ts";
import { PodKind } from "./pod.ts";

t.test("its columns say how it does", async (t) => {
  const cellsOf = (status: Parameters<typeof machine>[1]) =>
    PodKind.columns.map(({ show }) => show?.(undefined, podOf(machine({}, status))));
  const startFailure = {
    consecutiveFailCount: 3,
    lastFailureTime: "2026-01-01T00:00:00Z",
    retryAfterTime: "2026-01-01T00:00:00Z",
    message: "",
  };
  t.same(cellsOf({}), ["0/1", undefined, 0, undefined, undefined]);
  t.same(cellsOf({ startFailure }), ["0/1", undefined, 3, undefined, undefined]);
  const ready = { type: "Ready", status: "True", reason: "Running", message: "" } as const;
  const conditions = [{ ...ready, lastTransitionTime: "2026-01-01T00:00:00Z" }];
  t.same(cellsOf({ conditions }), ["1/1", undefined, 0, undefined, undefined]);
});
