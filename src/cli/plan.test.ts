import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import type { PlacementPlan, PlanQuestion } from "../scheduler/placement-desk.ts";
import { startCli } from "../testing/cli-fixture.ts";
import { describePlan } from "./plan.ts";

const allocatable = { cpus: 8, memoryBytes: 8 * 2 ** 30, diskBytes: 2 ** 40 };
const nothing = { cpus: 0, memoryBytes: 0, diskBytes: 0 };
const after = { cpus: 1, memoryBytes: 2 ** 30, diskBytes: 0 };
const found: PlacementPlan = {
  entries: [
    { namespace: "default", name: "web", outcome: "Placed", hostName: "h1", message: "on h1" },
    {
      namespace: "default",
      name: "big",
      outcome: "Unschedulable",
      message: "no room",
      suggestions: ["ask for less"],
    },
  ],
  hosts: [
    { name: "h1", allocatable, before: nothing, after },
    { name: "h2", allocatable, before: nothing, after: nothing },
  ],
  problems: [],
};

t.test("a plan says where each machine would be, and what changes on hosts", async (t) => {
  t.equal(
    describePlan(found),
    [
      "MACHINE       OUTCOME         WHERE OR WHY",
      "default/web   Placed          on h1",
      "default/big   Unschedulable   no room",
      "default/big would fit: ask for less",
      "",
      "Promised on hosts:",
      "  HOST   CPUS          MEMORY MIB          DISK MIB",
      "  h1     0 -> 1 of 8   0 -> 1024 of 8192   0 -> 0 of 1048576",
      "",
      "Nothing has been written.",
      "",
    ].join("\n"),
  );
  t.match(describePlan({ ...found, entries: [], hosts: [] }), /^nothing would change\n/);
});

t.test("what is asked reaches the server, and what would not fit is an error for scripts", async (t) => {
  const asked: PlanQuestion[] = [];
  const placement = {
    explain: () => t.fail("nobody asked"),
    plan: async (question: PlanQuestion) => {
      asked.push(question);
      return question.manifests.length === 0 ? { ...found, entries: [] } : found;
    },
  };
  await using cli = await startCli({ placement: placement as never });
  const directory = await mkdtemp(join(tmpdir(), "ostler-plan-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const file = join(directory, "web.yaml");
  await writeFile(
    file,
    "apiVersion: ostler.dev/v1\nkind: VirtualMachine\nmetadata: { name: web }\n" +
      "spec: { cpus: 1, memory: 1Gi }\n",
  );
  const planned = await cli.run(["plan", "-f", file, "--policy", "BinPacking"]);
  t.match(planned, { code: 1, stdout: /default\/big {3}Unschedulable/, stderr: /1 of the machines/ });
  t.match(asked[0], {
    policy: "BinPacking",
    manifests: [{ metadata: { name: "web", namespace: "default" } }],
  });
  const drained = await cli.run([
    "plan",
    "--drain",
    "h1",
    "--drain",
    "h2",
    "--lose-host",
    "h3",
    "-o",
    "json",
  ]);
  t.equal(drained.code, 0);
  t.match(asked[1], { drainHosts: ["h1", "h2"], loseHosts: ["h3"] });
  t.match(JSON.parse(drained.stdout), { entries: [] });
  t.match(await cli.run(["plan"]), { code: 2, stderr: /say what to think through/ });
});
