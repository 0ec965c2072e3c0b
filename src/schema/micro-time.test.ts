import t from "tap";
import { canonicalMicroTime } from "./micro-time.ts";

t.test("a time has six digits after the point, whatever was written", async (t) => {
  const cases = [
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000000Z"],
    ["2026-01-01T00:00:00.123Z", "2026-01-01T00:00:00.123000Z"],
    ["2026-01-01T00:00:00.123456Z", "2026-01-01T00:00:00.123456Z"],
    ["2026-01-01T00:00:00.123456789+02:00", "2026-01-01T00:00:00.123456+02:00"],
  ] as const;
  for (const [written, canonical] of cases) t.equal(canonicalMicroTime(written), canonical);
});
