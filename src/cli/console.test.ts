import t from "tap";
import { cliFor } from "../testing/cli-fixture.ts";
import { consoleFixture } from "../testing/console-fixture.ts";

async function setUp() {
  const fixture = await consoleFixture();
  return {
    ...fixture,
    run: cliFor(fixture.api),
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  };
}

t.test("what a script pipes in is typed, and what the guest says to it is printed", async (t) => {
  await using fixture = await setUp();
  const piped = await fixture.run(["console", "web", "--linger", "200ms"], { stdin: "uname -a\r" });
  t.match(piped, { code: 0, stderr: "", stdout: /^console of web\r\nuname -a\r$/ });
  const nothing = await fixture.run(["console", "vm/web", "--linger", "100ms"]);
  t.match(nothing, { code: 0, stdout: "console of web\r\n" }, "the console was left to the next");
});

t.test("a script that goes on typing sees the guest end", async (t) => {
  await using fixture = await setUp();
  const result = await fixture.run(["console", "web", "--linger", "1h"], {
    stdin: "poweroff\r",
    onOutput: (text) => {
      if (text.includes("poweroff")) fixture.domain.stopFromInside();
    },
  });
  t.match(result, { code: 0, stdout: /poweroff/ });
});

t.test("a person is told how to leave, and leaves with Ctrl-]", async (t) => {
  await using fixture = await setUp();
  const seen = Promise.withResolvers<void>();
  async function* typed() {
    yield "ls\r";
    await seen.promise;
    yield "what\u001dnever";
    yield "this";
  }
  const result = await fixture.run(["console", "web"], {
    typed: typed(),
    onOutput: (text) => text.includes("ls") && seen.resolve(),
  });
  t.match(result, { code: 0, stderr: /At the console of virtualmachine\/web.*Ctrl-\] to leave.*\r\nLeft/s });
  t.match(result.stdout, /ls\r/);
  t.notMatch(result.stdout, /never|this/);
});

t.test("what a guest prints does not reach a person's terminal beyond its window", async (t) => {
  await using fixture = await setUp();
  const title = "\u001b]0;evil\u0007";
  async function* typed() {
    yield `a${title}b\r`;
    await new Promise(() => undefined);
  }
  const result = await fixture.run(["console", "web"], {
    typed: typed(),
    onOutput: (text) => text.includes("ab") && fixture.domain.stopFromInside(),
  });
  t.match(result, { code: 0, stdout: "console of web\r\nab\r", stderr: /The guest has ended/ });
  const piped = await fixture.run(["console", "web"], { stdin: "x" });
  t.match(piped, { code: 1, stderr: /does not run/ }, "and then there is none");
});

t.test("why there is no console is said in words", async (t) => {
  await using fixture = await setUp();
  t.match(await fixture.run(["console", "off"]), { code: 1, stderr: /"off" does not run/ });
  t.match(await fixture.run(["console", "none"]), { code: 3, stderr: /none: not found/ });
  t.match(await fixture.run(["console", "host/h1"]), { code: 2, stderr: /is no VirtualMachine/ });
  const first = fixture.run(["console", "web", "--linger", "1h"]);
  while (fixture.domain.console === undefined) await new Promise((resolve) => setImmediate(resolve));
  t.match(await fixture.run(["console", "web"]), { code: 1, stderr: /in use by admin .* by force/ });
  const second = await fixture.run(["console", "web", "--force", "--linger", "100ms"]);
  t.match(second, { code: 0, stdout: /console of web/ });
  t.match(await first, { code: 1, stderr: /admin took the console of .*"web" over/ });
});

t.test("a link that is lost is no end of the guest", async (t) => {
  await using fixture = await setUp();
  const result = await fixture.run(["console", "web", "--linger", "1h"], {
    onOutput: () => fixture.domain.console?.lose(new Error("cut")),
  });
  t.match(result, { code: 1, stderr: /console of domain "web" was lost/ });
});
