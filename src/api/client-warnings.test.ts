import t from "tap";
import { readWarnings } from "./client-warnings.ts";
import { warningHeader } from "./kubernetes/warnings.ts";

t.test("what a server warns of is read as it was said", async (t) => {
  for (const said of [["one"], ["grüße"], ["one", 'two, "quoted"', String.raw`a \ and a , b`], []]) {
    const warning = warningHeader(said);
    t.same(readWarnings(warning === undefined ? {} : { warning }), said);
  }
});

t.test("what is no warning is passed over", async (t) => {
  t.same(readWarnings({ warning: 'none, 299 - open", 199 agent "shown", 299 - "open' }), ["shown"]);
});
