import t from "tap";
import { silentLogger } from "../../runtime/logger.ts";
import { Restoration } from "./restoration.ts";

const mark = { machine: "default/web", epoch: 3, knownEpoch: 2 };

function fixture(atOpen?: string) {
  let accepted: string | undefined;
  const restoration = new Restoration({
    logger: silentLogger,
    incarnation: "first",
    atOpen,
    accepted: () => accepted,
  });
  const accept = (code = restoration.code) => {
    accepted = code;
  };
  return { restoration, accept };
}

t.test("a store that hosts agree with is as good as any", async (t) => {
  const { restoration } = fixture();
  restoration.note("h1", []);
  t.equal(restoration.whyNot, undefined);
  t.equal(restoration.foundOn("h1"), undefined);
});

t.test(
  "a later placement on a host than the store knows stops everything until it is accepted",
  async (t) => {
    const { restoration, accept } = fixture();
    restoration.note("h2", [mark, mark]);
    t.match(restoration.whyNot, /on host "h2" default\/web is there of placement 3, known is 2, and 1 more/);
    t.match(restoration.whyNot, `ostler store accept-restore ${restoration.code}`);
    accept("another");
    t.ok(restoration.whyNot);
    accept();
    t.equal(restoration.whyNot, undefined);
    t.ok(restoration.isAccepted);
  },
);

t.test("what is seen no more counts no more", async (t) => {
  const { restoration } = fixture();
  restoration.note("h1", [mark]);
  restoration.note("h1", []);
  t.equal(restoration.whyNot, undefined);
});

t.test("what was found out when the store was opened stays until it is accepted", async (t) => {
  const { restoration, accept } = fixture("it ends at revision 7");
  restoration.note("h1", []);
  t.match(restoration.whyNot, "it ends at revision 7");
  accept();
  t.equal(restoration.whyNot, undefined);
});
