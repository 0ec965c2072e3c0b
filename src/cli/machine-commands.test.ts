import t from "tap";
import { startCli } from "../testing/cli-fixture.ts";

t.test("each command about machines says what it takes", async (t) => {
  await using cli = await startCli();
  const flags = {
    start: [],
    stop: ["--grace", "--force"],
    restart: ["--grace", "--force"],
    pause: [],
    unpause: [],
    console: ["--force", "--linger"],
  };
  for (const [command, wanted] of Object.entries(flags)) {
    const { code, stdout } = await cli.run([command, "--help"]);
    t.equal(code, 0, command);
    t.same(
      stdout
        .match(/^ +--(force|grace|linger)/gm)
        ?.map((flag) => flag.trim())
        .toSorted() ?? [],
      wanted.toSorted(),
      command,
    );
    t.match(await cli.run([command]), { code: 2 }, `${command} needs a machine`);
  }
  t.match(await cli.run(["console", "web", "--linger", "soon"]), { code: 2, stderr: /not a duration/ });
});
