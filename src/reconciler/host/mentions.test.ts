import t from "tap";
import { Mentions } from "./mentions.ts";

t.test("who has something to say of a thing is found as long as that is so", async (t) => {
  const mentions = new Mentions();
  const [first, second, third] = ["h1", "h2", "h3"].map((host) => mentions.voice(host));
  for (const voice of [first, second, first]) voice?.("a", true);
  first?.("b", true);
  t.strictSame(mentions.of("a"), ["h1", "h2"]);
  first?.("a", false);
  third?.("a", false);
  t.strictSame(mentions.of("a"), ["h2"]);
  t.strictSame(mentions.of("b"), ["h1"]);
  second?.("a", false);
  second?.("a", false);
  t.strictSame(mentions.of("a"), []);
});
