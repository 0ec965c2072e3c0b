import t from "tap";
import { ManualClock } from "../../testing/manual-clock.ts";
import { Survey } from "./survey.ts";

function fixture() {
  const clock = new ManualClock();
  let done = 0;
  const survey = new Survey(clock, () => {
    done += 1;
  });
  return { clock, survey, done: () => done };
}

t.test("it is done when every host that is expected has been looked at or found away", async (t) => {
  const { survey, done } = fixture();
  t.notOk(survey.isDone, "before anybody knows the hosts");
  t.notOk(survey.isGoodEnough);
  survey.begin(["h1", "h2"]);
  survey.note("h1");
  survey.note("h1");
  survey.note("h3");
  t.notOk(survey.isDone);
  survey.note("h2");
  t.ok(survey.isDone);
  survey.note("h2");
  t.equal(done(), 1, "told once");
});

t.test("where nobody is expected it is done at once", async (t) => {
  const { survey, done } = fixture();
  survey.begin([]);
  t.ok(survey.isDone);
  t.equal(done(), 1);
});

t.test("after five seconds it is good enough to give machines hosts", async (t) => {
  const { survey, clock } = fixture();
  survey.begin(["h1"]);
  await clock.advance(4_999);
  t.notOk(survey.isGoodEnough);
  await clock.advance(1);
  t.ok(survey.isGoodEnough);
  t.notOk(survey.isDone, "and not for more than that");
});
