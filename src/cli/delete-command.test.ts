import t from "tap";
import { machinesPath, smallMachine } from "../testing/api-fixture.ts";
import { startCli } from "../testing/cli-fixture.ts";

t.test("whether it waits is said in kubectl's words or in Ostler's", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  const cases = [
    [["--wait=false"], { code: 0, stdout: "virtualmachine/web deletion requested\n" }],
    [["--no-wait"], { code: 0, stdout: "virtualmachine/web deletion requested\n" }],
    [["--wait=true", "--timeout=20ms"], { code: 4, stderr: "within 0.02 s" }],
    [["--wait", "--timeout=20ms"], { code: 4, stderr: "within 0.02 s" }],
    [["--timeout=20ms"], { code: 4, stderr: "within 0.02 s" }],
  ] as const;
  for (const [flags, expected] of cases) {
    t.match(await cli.run(["delete", "vm/web", ...flags]), expected, flags.join(" "));
  }
});

t.test("a timeout of 0 waits without an end", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  const deleting = cli.run(["delete", "vm/web", "--timeout=0"]);
  await cli.watched();
  await cli.api.call("PATCH", `${machinesPath}/web`, {
    body: { metadata: { finalizers: null } },
    headers: { "content-type": "application/merge-patch+json" },
  });
  t.match(await deleting, { code: 0, stdout: "virtualmachine/web deleted\n" });
});

t.test("flags that mean nothing are told of, and nothing is deleted", async (t) => {
  await using cli = await startCli();
  await cli.api.call("POST", machinesPath, { body: smallMachine });
  const wrong = [
    ["--cascade=sideways", /Allowed choices are background, foreground, orphan/],
    ["--grace-period=soon", /whole number of seconds, such as 30/],
    ["--grace-period=5s", /whole number of seconds/],
    ["--wait=maybe", /must be true or false/],
    ["--abandon --no-wait", /--abandon waits to see whether the host can be asked/],
    ["--timeout=later", /"later" is not a duration; write 30s, 5m, 1h or 30d/],
  ] as const;
  for (const [flag, says] of wrong) {
    t.match(
      await cli.run(["delete", "vm/web", ...flag.split(" ")]),
      { code: 2, stdout: "", stderr: says },
      flag,
    );
  }
  t.notHas((await cli.api.call("GET", `${machinesPath}/web`)).json, {
    metadata: { deletionTimestamp: /./ },
  });
});
