import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { machinesPath } from "../testing/api-fixture.ts";
import { startCli } from "../testing/cli-fixture.ts";
import { patchBetween } from "./apply.ts";

const yaml = (name: string, spec = "{cpus: 1, memory: 64Mi}") =>
  `apiVersion: ostler.dev/v1\nkind: VirtualMachine\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

t.test("what a manifest no longer says is taken away; labels and annotations of others stay", async (t) => {
  const before = {
    apiVersion: "v1",
    kind: "X",
    metadata: { name: "a", labels: { other: "1", mine: "1" }, annotations: { other: "1" } },
    spec: { cpus: 1, memory: "1Gi", nested: { keep: 1, drop: 2 }, list: [1] },
    status: { seen: true },
  };
  const wanted = {
    apiVersion: "v1",
    kind: "X",
    metadata: { name: "a", labels: { mine: "2" } },
    spec: { memory: "1Gi", nested: { keep: 1 }, list: [2], instanceType: "small" },
  };
  t.same(patchBetween(before, wanted), {
    metadata: { labels: { mine: "2" } },
    spec: { cpus: null, nested: { drop: null }, list: [2], instanceType: "small" },
  });
  t.same(patchBetween(before, before), {});
});

t.test("apply creates, configures and leaves alone", async (t) => {
  await using cli = await startCli();
  const args = ["apply", "-f", "-"];
  t.match(await cli.run(args, { stdin: yaml("web") }), { code: 0, stdout: "virtualmachine/web created\n" });
  t.match(await cli.run(args, { stdin: yaml("web") }), { code: 0, stdout: "virtualmachine/web unchanged\n" });
  const bigger = yaml("web", "{cpus: 2, memory: 64Mi}");
  t.match(await cli.run([...args, "--dry-run"], { stdin: bigger }), {
    stdout: "virtualmachine/web configured (dry run)\n",
  });
  t.match((await cli.api.call("GET", `${machinesPath}/web`)).json, { spec: { cpus: 1 } });
  t.match(await cli.run(args, { stdin: bigger }), { stdout: "virtualmachine/web configured\n" });
  t.match((await cli.api.call("GET", `${machinesPath}/web`)).json, { spec: { cpus: 2 } });
});

t.test("one bad document hides no other, and its place is told", async (t) => {
  await using cli = await startCli();
  const directory = await mkdtemp(join(tmpdir(), "ostler-apply-"));
  t.teardown(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, "below"));
  await writeFile(join(directory, "below", "ignored.yaml"), yaml("ignored"));
  await writeFile(join(directory, "notes.txt"), "not a manifest");
  await writeFile(
    join(directory, "a.yaml"),
    `${yaml("one")}---\n${yaml("two", "{cpu: 1}")}---\n${yaml("three")}`,
  );
  await writeFile(join(directory, "b.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n");
  const { code, stdout, stderr } = await cli.run(["apply", "-f", directory]);
  t.equal(code, 1);
  t.equal(stdout, "namespace/team created\nvirtualmachine/one created\nvirtualmachine/three created\n");
  t.match(stderr, /a\.yaml:9:\d+: spec\.cpu: unknown field; did you mean "cpus"\?/);
});

t.test("-n says where what names no namespace goes, and moves nothing else", async (t) => {
  await using cli = await startCli();
  await cli.run(["apply", "-f", "-"], {
    stdin: "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n",
  });
  const args = ["apply", "-n", "team", "-f", "-"];
  t.match(await cli.run(args, { stdin: yaml("web") }), { code: 0, stdout: "virtualmachine/web created\n" });
  t.equal((await cli.run(["get", "vm", "-n", "team", "-o", "name"])).stdout, "virtualmachine/web\n");
  t.equal((await cli.run(["get", "vm", "-o", "name"])).stdout, "");
  const result = await cli.run(args, { stdin: yaml("web, namespace: default") });
  t.match(result, { code: 1, stderr: "its namespace is default, but -n says team" });
  const unplaced = await cli.run(["delete", "-n", "team", "--no-wait", "-f", "-"], { stdin: yaml("web") });
  t.match(unplaced, { code: 0, stdout: "virtualmachine/web deletion requested\n" });
  t.match(await cli.run(["apply", "-f", "/nonexistent.yaml"]), {
    code: 2,
    stderr: "cannot read /nonexistent.yaml",
  });
});

t.test("a pool's number is its file's if that says it, else whoever's scales it", async (t) => {
  await using cli = await startCli();
  const pool = (replicas: string) =>
    `apiVersion: ostler.dev/v1\nkind: VirtualMachinePool\nmetadata: {name: web}\nspec:\n${replicas}` +
    "  selector: {matchLabels: {app: web}}\n" +
    "  template: {metadata: {labels: {app: web}}, spec: {cpus: 1, memory: 64Mi}}\n";
  const args = ["apply", "-f", "-"];
  await cli.run(args, { stdin: pool("") });
  await cli.run(["scale", "vmpool", "web", "--replicas", "5"]);
  t.match(await cli.run(args, { stdin: pool("") }), { stdout: "virtualmachinepool/web unchanged\n" });
  t.match(await cli.run(args, { stdin: pool("  replicas: 2\n") }), {
    stdout: "virtualmachinepool/web configured\n",
  });
});
