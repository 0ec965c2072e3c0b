import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { garbageCollectors } from "../reconciler/garbage/garbage-collector.ts";
import { Manager } from "../reconciler/manager.ts";
import { namespaceController } from "../reconciler/namespace-controller.ts";
import { poolController } from "../reconciler/pool/controller.ts";
import { SharedInformers } from "../reconciler/shared-informers.ts";
import { systemClock } from "../runtime/clock.ts";
import { silentLogger } from "../runtime/logger.ts";
import { systemRandom } from "../runtime/random.ts";
import { EventKind } from "../schema/event.ts";
import { kinds } from "../schema/scheme.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { type ApiFixture, smallMachine, startApi } from "../testing/api-fixture.ts";
import { condition, poolManifest } from "../testing/pool-fixture.ts";

const skip = withoutKubectl();

function withoutKubectl(): string | false {
  try {
    execFileSync("kubectl", ["version", "--client"], { stdio: "ignore" });
    return false;
  } catch {
    return "kubectl is not installed";
  }
}

/** The controllers of pools, owners and namespaces; machines are objects that the test lets go. */
async function startControllers(t: Test, { store }: ApiFixture): Promise<void> {
  const shared = { store, clock: systemClock, logger: silentLogger };
  const informers = new SharedInformers(shared);
  const record = (): void => {};
  const abort = new AbortController();
  const manager = new Manager(shared)
    .add(informers)
    .add(poolController({ ...shared, informers, record, random: systemRandom, mayAct: () => true }))
    .add(namespaceController({ ...shared, informers, kinds }));
  const owned = kinds.filter((kind) => kind !== EventKind);
  for (const part of garbageCollectors({ ...shared, informers, record, kinds: owned })) manager.add(part);
  const running = manager.run(abort.signal);
  t.teardown(async () => {
    abort.abort();
    await running;
  });
}

/** What the machine controller does: machines that are to go are let go, others run. */
async function tendMachines({ store }: ApiFixture, namespace = "default"): Promise<void> {
  for (const vm of (await store.list(VirtualMachineKind, { namespace })).items) {
    const { resourceVersion: _, ...metadata } = vm.metadata;
    if (metadata.deletionTimestamp !== undefined) {
      await store.update(VirtualMachineKind, {
        ...vm,
        metadata: {
          ...metadata,
          finalizers: metadata.finalizers?.filter((name) => !name.includes("/")) ?? [],
        },
      });
    } else {
      const observedGeneration = metadata.generation ?? 0;
      const conditions = [{ ...condition("Ready", "True"), observedGeneration }];
      const status = { ...vm.status, observedGeneration, printableStatus: "Running" as const, conditions };
      await store.updateStatus(VirtualMachineKind, { ...vm, metadata, status });
    }
  }
}

t.test("unmodified kubectl scales, waits for and deletes pools", { skip }, async (t) => {
  await using api = await startApi({ listen: true });
  await startControllers(t, api);
  const directory = await mkdtemp(join(tmpdir(), "ostler-kubectl-pools-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const env = { ...process.env, KUBECONFIG: api.kubeconfig, KUBECACHEDIR: join(directory, "cache") };
  const kubectl = (...args: readonly string[]) =>
    new Promise<string>((resolve) => {
      execFile("kubectl", [...args], { env, timeout: 60_000 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
  const file = join(directory, "pool.json");
  await writeFile(file, JSON.stringify(poolManifest("web")));
  const members = async (): Promise<readonly string[]> =>
    (await kubectl("get", "vm", "-l", "app=web", "-o", "name")).split("\n").filter((line) => line !== "");
  const until = async (what: string, met: () => Promise<boolean>): Promise<void> => {
    const deadline = systemClock.monotonic() + 30_000;
    while (!(await met())) {
      if (systemClock.monotonic() > deadline) throw new Error(`not in 30 s: ${what}`);
      await systemClock.sleep(50);
    }
  };
  const tending = (namespace?: string) => tendMachines(api, namespace).catch(() => undefined);

  await t.test("it waits for a pool from its creation on", async (t) => {
    t.match(await kubectl("api-resources"), /^virtualmachinepools +vmpool,vmpools +ostler.dev\/v1 +true/m);
    t.match(await kubectl("apply", "-f", file), "virtualmachinepool.ostler.dev/web created");
    t.match(await kubectl("wait", "vmpool/web", "--for=condition=Ready", "--timeout=300ms"), "timed out");
    await until("three members", async () => (await members()).length === 3);
    const waiting = kubectl("wait", "vmpool/web", "--for=condition=Ready", "--timeout=30s");
    await tending();
    t.match(await waiting, "web condition met");
    t.match(await kubectl("get", "vmpool"), /^NAME +DESIRED +CURRENT +READY +AGE\nweb +3 +3 +3 /);
    t.match(await kubectl("apply", "-f", file), "web unchanged");
  });

  await t.test("scale, also with a precondition", async (t) => {
    t.match(await kubectl("scale", "vmpool", "web", "--replicas=5"), "web scaled");
    await until("five members", async () => (await members()).length === 5);
    const wrong = await kubectl("scale", "vmpool", "web", "--current-replicas=3", "--replicas=1");
    t.match(wrong, /Expected replicas to be 3, was 5/);
    t.match(await kubectl("scale", "vmpool/web", "--current-replicas=5", "--replicas=0"), "web scaled");
    await until("no members", async () => {
      await tending();
      return (await members()).length === 0;
    });
    await kubectl("scale", "vmpool", "web", "--replicas=2");
    await until("two members", async () => (await members()).length === 2);
    t.match(await kubectl("get", "vmpool", "web", "--subresource=scale", "-o", "yaml"), /kind: Scale/);
  });

  await t.test("delete --cascade=foreground waits for the members", async (t) => {
    t.match(await kubectl("delete", "vmpool", "web", "--cascade=foreground", "--wait=false"), "deleted");
    await until("members being deleted", async () =>
      /Terminating|deletionTimestamp/.test(await kubectl("get", "vm", "-o", "yaml")),
    );
    t.match(await kubectl("get", "vmpool", "web", "-o", "yaml"), /foregroundDeletion/);
    await until("the pool and its members are gone", async () => {
      await tending();
      return (await kubectl("get", "vmpool,vm", "-o", "name")) === "";
    });
  });

  await t.test("delete --cascade=orphan leaves the members, and a new pool adopts them", async (t) => {
    await kubectl("apply", "-f", file);
    await until("three members", async () => (await members()).length === 3);
    const before = await members();
    t.match(await kubectl("delete", "vmpool", "web", "--cascade=orphan"), "deleted");
    const owners = () => kubectl("get", "vm", "-o", "jsonpath={.items[*].metadata.ownerReferences}");
    t.equal(await owners(), "");
    t.same(await members(), before);
    await kubectl("apply", "-f", file);
    await until("adoption", async () => (await owners()).split("VirtualMachinePool").length === 4);
    t.same(await members(), before);
  });

  await t.test("delete in the background, the members follow", async (t) => {
    t.match(await kubectl("delete", "vmpool", "web", "--cascade=background"), "deleted");
    t.match(await kubectl("get", "vmpool", "web"), "NotFound");
    await until("no members", async () => {
      await tending();
      return (await members()).length === 0;
    });
  });

  await t.test("delete ns returns when everything in it is gone", async (t) => {
    const namespace = join(directory, "namespace.yaml");
    await writeFile(namespace, "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n");
    await kubectl("apply", "-f", namespace);
    await kubectl("apply", "-f", file, "-n", "team");
    await until("three members", async () =>
      (await kubectl("get", "vm", "-n", "team", "-o", "name")).includes("/web-"),
    );
    const deleting = kubectl("delete", "ns", "team", "--timeout=60s");
    const status = () => kubectl("get", "ns", "team", "-o", "jsonpath={.status}");
    await until("conditions", async () => (await status()).includes("NamespaceContentRemaining"));
    t.match(await status(), /"phase":"Terminating"/);
    t.match(await status(), /virtualmachines.ostler.dev has \d resource instances/);
    const late = await kubectl("apply", "-f", file, "-n", "team");
    t.match(late, /forbidden: unable to create new content in namespace team because it is being/);
    await until("the namespace is gone", async () => {
      await tending("team");
      return (await kubectl("get", "ns", "team")).includes("NotFound");
    });
    t.match(await deleting, 'namespace "team" deleted');
  });

  await t.test("deletions give the guest the time that is asked for", async (t) => {
    const vm = join(directory, "vm.json");
    await writeFile(vm, JSON.stringify({ ...smallMachine, metadata: { name: "db" } }));
    await kubectl("apply", "-f", vm);
    const grace = () => kubectl("get", "vm", "db", "-o", "jsonpath={.metadata.deletionGracePeriodSeconds}");
    await kubectl("delete", "vm", "db", "--grace-period=300", "--wait=false");
    t.equal(await grace(), "300");
    await kubectl("delete", "vm", "db", "--now", "--wait=false");
    t.equal(await grace(), "1");
    await tending();
    t.match(await kubectl("get", "vm", "db"), "NotFound");
  });
});
