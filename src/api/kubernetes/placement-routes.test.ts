import t from "tap";
import type { PlanQuestion } from "../../scheduler/placement-desk.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { machinesPath, smallMachine, startApi } from "../../testing/api-fixture.ts";

const planPath = "/apis/ostler.dev/v1/plan";

async function fixture() {
  const asked: PlanQuestion[] = [];
  const placement = {
    explain: (vm: { metadata: { name: string } }) => ({ name: vm.metadata.name, decisions: [] }),
    plan: async (question: PlanQuestion) => {
      asked.push(question);
      return { entries: [], hosts: [], problems: [] };
    },
  };
  return { api: await startApi({ placement: placement as never }), asked };
}

t.test("a stored machine is explained; another one is not found", async (t) => {
  const { api } = await fixture();
  await using _api = api;
  await api.call("POST", machinesPath, { body: smallMachine });
  t.match((await api.call("GET", `${machinesPath}/web/explain`)).json, { name: "web" });
  t.match(await api.call("GET", `${machinesPath}/none/explain`), { code: 404, json: { reason: "NotFound" } });
});

t.test("manifests are admitted before they are thought through, and nothing is written", async (t) => {
  const { api, asked } = await fixture();
  await using _api = api;
  t.equal(
    (await api.call("POST", planPath, { body: { manifests: [smallMachine], drainHosts: ["h1"] } })).code,
    200,
  );
  t.match(asked, [{ drainHosts: ["h1"], loseHosts: [], manifests: [{ spec: { runStrategy: "Always" } }] }]);
  t.same((await api.store.list(VirtualMachineKind)).items, []);
});

t.test("what is wrong with a question is said", async (t) => {
  const { api } = await fixture();
  await using _api = api;
  const bad = { ...smallMachine, spec: { cpus: 1, memory: "64Mi", colour: "red" } };
  t.match(await api.call("POST", planPath, { body: { manifests: [smallMachine, bad] } }), {
    code: 422,
    json: { message: /manifests\[1\].*colour/ },
  });
  t.match(await api.call("POST", planPath, { body: { manifests: [{}] } }), { code: 422 });
  t.match(await api.call("POST", planPath, { body: { drain: "h1" } }), {
    code: 422,
    json: { message: /drain/ },
  });
});
