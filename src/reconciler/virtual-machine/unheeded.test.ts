import t from "tap";
import { domain, machine, observed, planInput } from "../../testing/machine-fixture.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { Action, Plan } from "./actions.ts";
import { planVirtualMachine } from "./plan.ts";
import { UnheededDefinitions } from "./unheeded.ts";

const vm = machine();

/** The plan for the running machine when its host reports so many CPUs. */
function planWith(cpus: number): Plan {
  const found = domain(vm);
  if (found.definition === undefined) throw new Error("no definition");
  const definition = { ...found.definition, cpus };
  return planVirtualMachine(planInput(vm, observed({ ...found, definition })));
}

function fixture() {
  const clock = new ManualClock();
  const unheeded = new UnheededDefinitions(clock);
  const judge = (plan: Plan, done: readonly Action[] = []) => unheeded.judge("u", done, plan);
  return { clock, unheeded, judge };
}

t.test("there is nothing against a definition that was not given yet, or was kept", async (t) => {
  const { judge } = fixture();
  t.equal(judge(planWith(7)), undefined);
  t.equal(judge(planWith(1), planWith(7).actions), undefined);
});

t.test(
  "one that was given and is not kept has failed, and may be given again in half a minute",
  async (t) => {
    const { clock, unheeded, judge } = fixture();
    const plan = planWith(7);
    const first = judge(plan, plan.actions);
    t.match(first?.failed, {
      action: { type: "DefineDomain" },
      error: { reason: "OperationInvalid", message: /keeps another definition .* differs in cpus/ },
    });
    t.equal(first?.plan.requeueAfterMs, undefined);
    await clock.advance(10_000);
    t.same(judge(plan)?.plan, { ...plan, requeueAfterMs: 20_000 });
    t.equal(unheeded.judge("another", [], plan), undefined);
    await clock.advance(20_000);
    t.equal(judge(plan), undefined);
  },
);

t.test("another difference is put right at once", async (t) => {
  const { judge } = fixture();
  judge(planWith(7), planWith(7).actions);
  const actions = planWith(7).actions.map((action) => ({ ...action, because: "it differs in disks" }));
  t.equal(judge({ actions }), undefined);
});

t.test("once it was kept, the next edit by hand is put right at once", async (t) => {
  const { judge } = fixture();
  judge(planWith(7), planWith(7).actions);
  judge(planWith(1));
  t.equal(judge(planWith(7)), undefined);
});

t.test("a guest that is to be started does not wait for it", async (t) => {
  const { judge } = fixture();
  const plan = planWith(7);
  const { mark } = planInput(vm, observed());
  const startsToo = [...plan.actions, { type: "StartDomain", mark, because: "it is off" } as const];
  t.ok(judge(plan, plan.actions));
  t.equal(judge({ actions: startsToo }, plan.actions), undefined);
});
