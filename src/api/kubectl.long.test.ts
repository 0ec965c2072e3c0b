import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { access } from "../testing/kubectl/access.ts";
import { applying } from "../testing/kubectl/applying.ts";
import { changing } from "../testing/kubectl/changing.ts";
import { creating } from "../testing/kubectl/creating.ts";
import { discovery } from "../testing/kubectl/discovery.ts";
import { facade } from "../testing/kubectl/facade.ts";
import { type Kubectl, kubectlFor, kubectlMissing } from "../testing/kubectl/kubectl.ts";
import { namespaces } from "../testing/kubectl/namespaces.ts";
import { pools } from "../testing/kubectl/pools.ts";
import { reading } from "../testing/kubectl/reading.ts";
import { serverSide } from "../testing/kubectl/server-side.ts";
import { machine, type Step } from "../testing/kubectl/step.ts";
import { startServerProcess } from "../testing/server-process.ts";

const scenarios = [
  discovery,
  creating,
  reading,
  applying,
  serverSide,
  changing,
  pools,
  access,
  facade,
  namespaces,
];
const missing = kubectlMissing();
const machines = "/apis/ostler.dev/v1/namespaces/default/virtualmachines";

t.test(
  "unmodified kubectl works, before and after a restart of the server",
  { skip: missing ?? false, timeout: 900_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "ostler-kubectl-"));
    t.teardown(() => rm(directory, { recursive: true }));
    const start = () => startServerProcess({ directory, args: ["--fake-hosts", "3"] });
    const kubectl = kubectlFor(join(directory, "state", "kubeconfig"), join(directory, "cache"));
    {
      await using server = await start();
      await play(t, kubectl, "before");
      const kept = { run: "create -f -", input: machine("kept"), says: "created" };
      await check(t, kubectl, kept, "default");
      t.equal(await server.end("SIGTERM"), 0, "the server ends in good order");
    }
    await using _server = await start();
    await check(t, kubectl, { run: "get vm kept -o name", says: "kept" }, "default");
    const again = { run: "wait vm/kept --for=condition=Ready --timeout=60s", says: "condition met" };
    await check(t, kubectl, again, "default");
    await check(t, kubectl, { run: "get secret key", says: "Opaque" }, "before-1");
    const long = `get --raw ${machines}?watch=1&resourceVersion=1&timeoutSeconds=1`;
    const everything = /^\{"type":("ERROR",.*"code":410|"ADDED",.*"name":"kept")/;
    await check(t, kubectl, { run: long, says: everything }, "default");
    await turnPages(t, kubectl);
    await play(t, kubectl, "after");
    await check(t, kubectl, { run: "delete vm kept --timeout=60s", says: "deleted" }, "default");
  },
);

/** Each scenario in a namespace of its own. */
async function play(t: Tap, kubectl: Kubectl, name: string): Promise<void> {
  for (const [index, scenario] of scenarios.entries()) {
    const namespace = `${name}-${index}`;
    await t.test(`${name}: ${scenario.title}`, async (t) => {
      await check(t, kubectl, { run: `create namespace ${namespace}`, says: "created" }, "default");
      for (const step of scenario.steps) await check(t, kubectl, step, namespace);
    });
  }
}

/** Pages of one list are of one revision, whatever is written in between. */
async function turnPages(t: Tap, kubectl: Kubectl): Promise<void> {
  await check(t, kubectl, { run: "create -f -", input: machine("other"), says: "created" }, "default");
  const first = await kubectl.run({ run: `get --raw ${machines}?limit=1` }, "default");
  const [, revision = "", next = ""] =
    /"resourceVersion":"(\d+)","continue":"([^"]+)","remainingItemCount":1\}/.exec(first.text) ?? [];
  await check(t, kubectl, { run: "delete vm other --timeout=60s", says: "deleted" }, "default");
  const page = { run: `get --raw ${machines}?limit=1&continue=${next}`, says: '"name":"other"' };
  await check(t, kubectl, page, "default");
  await check(t, kubectl, { ...page, says: `"metadata":{"resourceVersion":"${revision}"}` }, "default");
}

type Tap = Pick<typeof t, "test" | "equal" | "match" | "notMatch">;

async function check(t: Tap, kubectl: Kubectl, step: Step, namespace: string): Promise<void> {
  const { run, code = 0, says, saysNot } = step;
  const outcome = await kubectl.run(step, namespace);
  t.equal(outcome.code, code, `kubectl ${run}: ${outcome.text}`);
  if (says !== undefined) t.match(outcome.text, says, `kubectl ${run}`);
  if (saysNot !== undefined) t.notMatch(outcome.text, saysNot, `kubectl ${run}`);
}
