import t from "tap";
import { MetricFamily } from "./metric-family.ts";

t.test("what Prometheus' text format gives a meaning is escaped", async (t) => {
  const family = new MetricFamily({ name: "n", help: "One\\two\nthree." }, "gauge", ["a"]);
  family.single({ a: 'x"\\\n' }).value = 1.5;
  t.equal(family.render(), '# HELP n One\\\\two\\nthree.\n# TYPE n gauge\nn{a="x\\"\\\\\\n"} 1.5\n');
});

t.test(
  "each bucket of a histogram holds what the smaller ones hold, too; a bound belongs to its own",
  async (t) => {
    const family = new MetricFamily({ name: "h", help: "H." }, "histogram", ["q"]);
    const series = family.distribution({ q: "x" }, [1, 10]);
    for (const value of [0.5, 1, 10, 11]) series.observe(value);
    t.same(family.render().split("\n").slice(2), [
      'h_bucket{le="1",q="x"} 2',
      'h_bucket{le="10",q="x"} 3',
      'h_bucket{le="+Inf",q="x"} 4',
      'h_sum{q="x"} 22.5',
      'h_count{q="x"} 4',
      "",
    ]);
  },
);

t.test("the order of labels makes no other series", async (t) => {
  const family = new MetricFamily({ name: "n", help: "N." }, "counter", ["a", "b"]);
  family.single({ a: "1", b: "2" }).value += 1;
  family.single({ b: "2", a: "1" }).value += 1;
  t.match(family.render(), 'n{a="1",b="2"} 2\n');
});

t.test("other label names are refused", async (t) => {
  const family = new MetricFamily({ name: "n", help: "N." }, "counter", ["a"]);
  for (const names of [[], ["b"], ["a", "b"]])
    t.throws(() => family.requireLabels(names), /has the labels a/);
  family.requireLabels(["a"]);
});

t.test("numbers that are none have their words", async (t) => {
  for (const [value, text] of [
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
    [Number.NaN, "NaN"],
  ] as const) {
    const family = new MetricFamily({ name: "n", help: "N." }, "gauge", []);
    family.single({}).value = value;
    t.match(family.render(), `n ${text}\n`);
  }
});
