import t from "tap";
import { startCli } from "../testing/cli-fixture.ts";
import { poolManifest } from "../testing/pool-fixture.ts";

const poolsPath = "/apis/ostler.dev/v1/namespaces/default/virtualmachinepools";

t.test("a pool is scaled by name, if it asks for what was expected", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", poolsPath, { body: poolManifest("web") });
  await cli.api.call("POST", poolsPath, { body: poolManifest("db") });
  const replicas = async (name: string) => (await cli.api.call("GET", `${poolsPath}/${name}`)).json;
  t.match(await cli.run(["scale", "vmpool", "web", "--replicas", "5"]), {
    code: 0,
    stdout: "virtualmachinepool/web scaled\n",
  });
  t.match(await replicas("web"), { spec: { replicas: 5 } });
  const guarded = ["scale", "vmpools/web", "--current-replicas", "4", "--replicas", "0"];
  t.match(await cli.run(guarded), { code: 1, stderr: "asks for 5, not for the expected 4" });
  t.match(await replicas("web"), { spec: { replicas: 5 } });
  t.match(await cli.run(["scale", "vmpool", "web", "--current-replicas", "5", "--replicas", "0"]), {
    code: 0,
  });
  t.match(await replicas("web"), { spec: { replicas: 0 } });
  t.match(await cli.run(["scale", "vmpool/web", "vmpool/db", "--replicas", "2"]), { code: 0 });
  t.match(await replicas("db"), { spec: { replicas: 2 } });
});

t.test("what cannot be scaled is told", async (t) => {
  await using cli = await startCli();
  t.match(await cli.run(["scale", "vmpool", "nope", "--replicas", "1"]), { code: 3 });
  t.match(await cli.run(["scale", "vm", "web", "--replicas", "1"]), { code: 2 });
  t.match(await cli.run(["scale", "vmpool", "--replicas", "1"]), { code: 2 });
  t.match(await cli.run(["scale", "vmpool", "web"]), { code: 2 });
  t.match(await cli.run(["scale", "vmpool", "web", "--replicas", "many"]), { code: 2 });
});
