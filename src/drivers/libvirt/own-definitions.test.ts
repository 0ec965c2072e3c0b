import t from "tap";
import { OwnDefinitions } from "./own-definitions.ts";

type Step = "begin" | "made" | "failed" | "event" | "forget";

/** What is said of each event, and of the definition when it is made, in turn. */
const cases: Readonly<Record<string, readonly [steps: readonly Step[], said: readonly boolean[]]>> = {
  "an event that comes after the answer is ours": [
    ["begin", "made", "event"],
    [true, true],
  ],
  "one that comes before it is counted, and none is awaited": [
    ["begin", "event", "made", "event"],
    [false, true, false],
  ],
  "two before the answer: somebody else may have come after us": [
    ["begin", "event", "event", "made"],
    [false, false, false],
  ],
  "the second after the answer is somebody else's": [
    ["begin", "made", "event", "event"],
    [true, true, false],
  ],
  "of what failed no event is ours": [["begin", "failed", "event"], [false]],
  "of what nobody of us defined, neither": [["event"], [false]],
  "what has not come by the next look is not waited for": [
    ["begin", "made", "forget", "event"],
    [true, false],
  ],
  "a second definition awaits its own event alone": [
    ["begin", "made", "begin", "event", "event", "made", "event"],
    [true, false, false, false, false],
  ],
};

for (const [fact, [steps, said]] of Object.entries(cases)) {
  t.test(fact, async (t) => {
    const definitions = new OwnDefinitions();
    const heard = steps.map((step) => {
      switch (step) {
        case "made":
          return definitions.made("u");
        case "event":
          return definitions.isOurs("u");
        case "forget":
          return definitions.forget();
        default:
          return definitions[step]("u");
      }
    });
    t.strictSame(
      heard.filter((answer) => answer !== undefined),
      said,
    );
  });
}
