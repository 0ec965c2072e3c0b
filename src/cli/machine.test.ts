import t from "tap";
import { machinesPath, smallMachine } from "../testing/api-fixture.ts";
import { startCli } from "../testing/cli-fixture.ts";

t.test("machines are started, stopped and restarted by name", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  t.match(await cli.run(["stop", "web"]), { code: 0, stdout: "virtualmachine/web stop requested\n" });
  t.match((await cli.api.call("GET", `${machinesPath}/web`)).json, {
    status: { runOverride: { action: "Stop" } },
  });
  t.match(await cli.run(["restart", "vm/web"]), { code: 1, stderr: "start it instead" });
  t.match(await cli.run(["start", "vms/web"]), { code: 0 });
  t.match(await cli.run(["restart", "web"]), { code: 0 });
  t.match(await cli.run(["stop", "web", "--grace", "1500ms"]), { code: 0 });
  t.match((await cli.api.call("GET", `${machinesPath}/web`)).json, {
    status: { runOverride: { action: "Stop", gracePeriodSeconds: 2 } },
  });
  t.match(await cli.run(["stop", "web", "--force"]), { code: 0 });
  t.match((await cli.api.call("GET", `${machinesPath}/web`)).json, {
    status: { runOverride: { action: "Stop", gracePeriodSeconds: 0 } },
  });
  t.match(await cli.run(["stop", "web", "--force", "--grace", "1s"]), { code: 2 });
  t.match(await cli.run(["start", "web", "--force"]), { code: 2 });
  t.match(await cli.run(["pause", "web"]), { code: 1, stderr: /cannot pause: it does not run/ });
  t.match(await cli.run(["unpause", "web"]), { code: 1, stderr: /cannot unpause: it does not run/ });
  t.match(await cli.run(["start", "nope"]), { code: 3 });
  t.match(await cli.run(["start", "host/web"]), { code: 2 });
  t.match(await cli.run(["start"]), { code: 2 });
});
