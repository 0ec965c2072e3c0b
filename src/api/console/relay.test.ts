import t from "tap";
import { consoleFixture, Viewer } from "../../testing/console-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";

const closed = async ({ lines }: Awaited<ReturnType<typeof consoleFixture>>) => {
  const found = () => lines.find(({ message }) => message === "console closed");
  while (found() === undefined) await new Promise((resolve) => setImmediate(resolve));
  return found()?.fields;
};

t.test("a viewer that takes nothing is sent away, and its guest is not held up for ever", async (t) => {
  const clock = new ManualClock();
  await using fixture = await consoleFixture({ clock });
  const socket = await fixture.dial();
  // Nobody reads `socket`: what the guest prints piles up on the way, and then the guest waits.
  const flood = fixture.flood();
  await flood.stuck;
  t.ok(flood.writtenBytes < 64 * 2 ** 20, "what is held for a viewer is bounded");
  await clock.advance(19_000);
  t.notOk(fixture.lines.some(({ message }) => message === "console closed"));
  await clock.advance(1_000);
  await flood.over;
  await clock.advance(2_000);
  t.match(await closed(fixture), { why: /took nothing for 20 s/ });
  socket.terminate();
});

t.test("a viewer that has gone without a word is noticed", async (t) => {
  const clock = new ManualClock();
  await using fixture = await consoleFixture({ clock });
  const socket = await fixture.dial();
  // As one whose machine went to sleep: it neither reads nor answers.
  await clock.advance(30_000);
  await clock.advance(30_000);
  t.match(await closed(fixture), { why: /gone|left/ });
  socket.terminate();
});

t.test("who types more than the guest takes waits, and loses nothing", async (t) => {
  await using fixture = await consoleFixture();
  const viewer = new Viewer(await fixture.dial());
  await viewer.sees("console of web");
  const piece = "x".repeat(10_000);
  for (let times = 0; times < 100; times += 1) await viewer.type(piece);
  await viewer.type("end");
  await viewer.sees("end");
  t.equal(viewer.text.replaceAll(/[^x]/g, "").length, 1_000_000);
});
