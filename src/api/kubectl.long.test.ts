import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { systemClock } from "../runtime/clock.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { startApi } from "../testing/api-fixture.ts";

const skip = withoutKubectl();

function withoutKubectl(): string | false {
  try {
    execFileSync("kubectl", ["version", "--client"], { stdio: "ignore" });
    return false;
  } catch {
    return "kubectl is not installed";
  }
}

t.test("unmodified kubectl works", { skip }, async (t) => {
  await using api = await startApi({ listen: true });
  const directory = await mkdtemp(join(tmpdir(), "ostler-kubectl-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const env = { ...process.env, KUBECONFIG: api.kubeconfig, KUBECACHEDIR: join(directory, "cache") };
  const kubectl = (...args: readonly string[]) =>
    new Promise<string>((resolve) => {
      execFile("kubectl", [...args], { env, timeout: 30_000 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
  const write = async (name: string, spec: string, metadata = "") => {
    const path = join(directory, name);
    const head = "apiVersion: ostler.dev/v1\nkind: VirtualMachine\n";
    const text = `${head}metadata: {name: web${metadata}}\nspec: ${spec}\n`;
    await writeFile(path, text);
    return path;
  };
  const good = await write("good.yaml", "{cpus: 1, memory: 64Mi}");
  const changed = await write("changed.yaml", "{cpus: 2, memory: 64Mi}", ", labels: {app: web}");

  await t.test("discovery and explain", async (t) => {
    t.match(
      await kubectl("api-resources"),
      /^virtualmachines +vm,vms +ostler.dev\/v1 +true +VirtualMachine$/m,
    );
    t.match(await kubectl("explain", "vm.spec.disks"), /bus\t<string>[\s\S]*name\t<string> -required-/);
    t.match(await kubectl("version"), "Server Version: v1.32.0+ostler");
  });

  await t.test("create, with errors", async (t) => {
    t.match(await kubectl("create", "-f", good), "virtualmachine.ostler.dev/web created");
    t.match(await kubectl("create", "-f", good), "(AlreadyExists): error when creating");
    const unknown = await write("unknown.yaml", "{cpus: 1, memory: 64Mi, nosuch: 1}");
    t.match(await kubectl("create", "-f", unknown), 'strict decoding error: unknown field "spec.nosuch"');
    const invalid = await write("invalid.yaml", "{cpus: 0, memory: x}");
    t.match(
      await kubectl("create", "-f", invalid),
      /The VirtualMachine "web" is invalid: \n\* spec.cpus.*\n\* spec.memory/,
    );
  });

  await t.test("apply: configured, unchanged, diff", async (t) => {
    t.match(await kubectl("apply", "-f", changed), "web configured");
    t.match(await kubectl("apply", "-f", changed), "web unchanged");
    t.match(await kubectl("diff", "-f", good), /-.*cpus: 2/);
    t.equal(await kubectl("diff", "-f", changed), "");
    t.match(await kubectl("apply", "-f", good), "web configured");
    t.equal(await kubectl("get", "vm", "web", "-o", "jsonpath={.spec.cpus}{.metadata.labels.app}"), "1");
  });

  await t.test("get, describe, label, patch, replace", async (t) => {
    t.match(await kubectl("get", "vm"), /^NAME +STATUS +READY +HOST +CPUS +MEMORY +AGE\nweb /);
    t.match(await kubectl("get", "all", "-A", "-o", "name"), "virtualmachine.ostler.dev/web");
    t.match(await kubectl("describe", "vm", "web"), /Name: +web[\s\S]*Events: +<none>/);
    t.match(await kubectl("label", "vm", "web", "tier=front"), "web labeled");
    t.match(await kubectl("get", "vm", "-l", "tier=front", "-o", "name"), "web");
    t.match(await kubectl("get", "vm", "--field-selector", "spec.runStrategy=Halted"), "No resources found");
    t.match(await kubectl("patch", "vm", "web", "--type=merge", "-p", '{"spec":{"cpus":3}}'), "web patched");
    t.match(await kubectl("patch", "vm", "web", "-p", "{}"), "web patched (no change)");
    const live = join(directory, "live.yaml");
    await writeFile(live, await kubectl("get", "vm", "web", "-o", "yaml"));
    t.match(await kubectl("replace", "-f", live), "web replaced");
    t.match(await kubectl("label", "namespace", "default", "a=b"), "default labeled");
    t.match(await kubectl("replace", "-f", good), "web replaced");
    const [finalizer = ""] = VirtualMachineKind.finalizers;
    const kept = await kubectl("get", "vm", "web", "-o", "jsonpath={.metadata.finalizers[*]}");
    t.equal(kept, finalizer, "a manifest without finalizers takes none away");
  });

  await t.test("wait and watch see what happens", async (t) => {
    const waiting = kubectl(
      "wait",
      "vm/web",
      "--for=jsonpath={.status.printableStatus}=Running",
      "--timeout=20s",
    );
    const watching = kubectl("get", "vm", "-w", "--request-timeout=5s", "--output-watch-events");
    const machine = await api.store.get(VirtualMachineKind, { namespace: "default", name: "web" });
    if (machine === undefined) throw new Error("the machine is gone");
    await api.store.updateStatus(VirtualMachineKind, { ...machine, status: { printableStatus: "Running" } });
    t.match(await waiting, "web condition met");
    t.match(await watching, /^(ADDED|EVENT) +(NAME|web)/m);
  });

  await t.test("delete waits for the finalizers", async (t) => {
    t.match(await kubectl("delete", "vm", "web", "--timeout=1s"), "timed out waiting");
    const deleting = kubectl("wait", "vm/web", "--for=delete", "--timeout=20s");
    const watched = /ostler_api_current_requests\{class="watches"\} [1-9]/;
    while (!watched.test((await api.call("GET", "/metrics")).text)) await systemClock.sleep(20);
    await kubectl("patch", "vm", "web", "--type=merge", "-p", '{"metadata":{"finalizers":null}}');
    t.match(await deleting, /condition met/);
    t.match(await kubectl("get", "vm", "web"), '(NotFound): virtualmachines.ostler.dev "web" not found');
  });

  await t.test("a namespace is applied; another is created", async (t) => {
    const path = join(directory, "namespace.yaml");
    await writeFile(path, "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n");
    t.match(await kubectl("apply", "-f", path), "namespace/team created");
    t.match(await kubectl("apply", "-f", path), "namespace/team unchanged");
    t.match(await kubectl("get", "namespace", "team", "-o", "name"), "namespace/team");
    t.match(await kubectl("create", "namespace", "other"), "namespace/other created");
    t.match(await kubectl("create", "secret", "generic", "s", "--from-literal=a=b"), "secret/s created");
    t.match(await kubectl("get", "secret", "s", "-o", "jsonpath={.data.a}"), "Yg==");
  });

  await t.test("a wrong token is refused", async (t) => {
    t.match(await kubectl("get", "vm", "--token=wrong"), /Unauthorized|must be logged in/);
  });
});
