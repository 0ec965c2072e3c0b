import t from "tap";
import { Repeats } from "../repeats.ts";
import { countRefusal, refusals } from "./refusals.ts";

function requestOf(name: string, as?: string): Parameters<typeof countRefusal>[1] {
  const attributes = { type: "path", verb: "get", path: "/" } as const;
  const query = new URLSearchParams();
  const user = { name, groups: [] };
  const caller =
    as === undefined
      ? { user, impersonator: undefined, attributes, query }
      : { user: { name: as, groups: [] }, impersonator: user, attributes, query };
  return { caller, audited: { name: "web" }, unaudited: false };
}

t.test("of refusals over and over some are told, with how many were not", async (t) => {
  const repeats = new Repeats(refusals);
  const refused = (count: number, now: number, as?: string) =>
    Array.from({ length: count }, () => {
      const request = requestOf("ann", as);
      countRefusal(repeats, request, now);
      return request;
    });
  t.ok(refused(100, 0, "bob").every(({ unaudited }) => !unaudited));
  t.ok(
    refused(50, 0).every(({ unaudited }) => unaudited),
    "whom she acts as does not matter",
  );
  t.match(refused(1, 1000), [{ unaudited: false, audited: { name: "web", suppressed: 50 } }]);
});

t.test("what is counted already, and who is not known, is left alone", async (t) => {
  const repeats = new Repeats({ burst: 0, perSecond: 0 });
  const unknown = { ...requestOf("ann"), caller: undefined };
  countRefusal(repeats, unknown, 0);
  t.equal(unknown.unaudited, false);
  const counted = { ...requestOf("ann"), unaudited: true };
  countRefusal(repeats, counted, 0);
  countRefusal(repeats, requestOf("ann"), 0);
  const told = new Repeats({ burst: 1, perSecond: 0 });
  const next = requestOf("ann");
  countRefusal(told, next, 0);
  t.same([counted.unaudited, next.unaudited], [true, false]);
});
