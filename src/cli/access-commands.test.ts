import t from "tap";
import { startCli } from "../testing/cli-fixture.ts";

t.test("the commands of access say what they are for", async (t) => {
  await using cli = await startCli();
  const { stdout } = await cli.run(["token", "--help"]);
  t.match(stdout, /create \[options\] <name>[\s\S]*list[\s\S]*revoke <name\.\.\.>/);
  t.match((await cli.run(["user", "certificate", "--help"])).stdout, /--group <name>[\s\S]*--expires/);
  t.match(await cli.run(["token", "create"]), { code: 2 });
});
