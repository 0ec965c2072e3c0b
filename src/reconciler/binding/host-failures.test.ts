import t from "tap";
import { HostFailures } from "./host-failures.ts";

const minuteMs = 60_000;

t.test("failed starts add up, and fade within minutes", async (t) => {
  const failures = new HostFailures();
  t.equal(failures.of("h1", 0), 0);
  failures.note("h1", "failed", 0);
  failures.note("h1", "failed", 0);
  t.equal(failures.of("h1", 0), 2);
  t.equal(failures.of("h1", 3 * minuteMs), 1);
  failures.note("h1", "failed", 3 * minuteMs);
  t.equal(failures.of("h1", 3 * minuteMs), 2);
  t.equal(failures.of("h2", 0), 0);
  t.equal(failures.of("h1", 30 * minuteMs), 0);
});

t.test("a single failure is forgotten after ten minutes", async (t) => {
  const failures = new HostFailures();
  failures.note("h1", "failed", 0);
  t.ok(failures.of("h1", 9 * minuteMs) > 0);
  t.equal(failures.of("h1", 10 * minuteMs), 0);
});

t.test("a start that works makes up for all, and a clock that leaps back for none", async (t) => {
  const failures = new HostFailures();
  failures.note("h1", "failed", minuteMs);
  t.equal(failures.of("h1", 0), 1);
  failures.note("h1", "started", minuteMs);
  t.equal(failures.of("h1", minuteMs), 0);
});
