import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { type ApiFixture, startApi } from "../testing/api-fixture.ts";

const skip = withoutKubectl();

function withoutKubectl(): string | false {
  try {
    execFileSync("kubectl", ["version", "--client"], { stdio: "ignore" });
    return false;
  } catch {
    return "kubectl is not installed";
  }
}

interface Kubectl extends AsyncDisposable {
  readonly api: ApiFixture;
  /** Runs it; resolves to its exit code and all that it wrote. */
  run(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** Writes a manifest of the machine `web` and returns its path. */
  manifest(spec: string, metadata?: string): Promise<string>;
  /** What `get -o jsonpath` shows of the machine. */
  field(path: string): Promise<string>;
}

async function startKubectl(): Promise<Kubectl> {
  const api = await startApi({ listen: true });
  const directory = await mkdtemp(join(tmpdir(), "ostler-kubectl-apply-"));
  const env = {
    ...process.env,
    KUBECONFIG: api.kubeconfig,
    KUBECACHEDIR: join(directory, "cache"),
    EDITOR: `sed -i "s/cpus: [0-9]*/cpus: 9/"`,
  };
  const run: Kubectl["run"] = (...args) =>
    new Promise((resolve) => {
      execFile("kubectl", [...args], { env, timeout: 30_000 }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : 0, text: stdout + stderr });
      });
    });
  let count = 0;
  return {
    api,
    run,
    async manifest(spec, metadata = "") {
      count += 1;
      const path = join(directory, `${count}.yaml`);
      const head = "apiVersion: ostler.dev/v1\nkind: VirtualMachine\n";
      await writeFile(path, `${head}metadata: {name: web${metadata}}\nspec: ${spec}\n`);
      return path;
    },
    field: async (path) => (await run("get", "vm", "web", "-o", `jsonpath=${path}`)).text,
    async [Symbol.asyncDispose]() {
      await rm(directory, { recursive: true });
      await api[Symbol.asyncDispose]();
    },
  };
}

const serverSide = ["apply", "--server-side"] as const;
const managers = "{range .metadata.managedFields[*]}{.manager}:{.operation}:{.subresource} {end}";
const base = "{cpus: 1, memory: 64Mi, disks: [{name: a, size: 1Gi}]}";

t.test("several appliers share a machine; the third is told whom it meets", { skip }, async (t) => {
  await using kubectl = await startKubectl();
  const { run, manifest, field } = kubectl;
  const one = await manifest(base, ", labels: {app: web}");
  const two = await manifest("{disks: [{name: b, size: 2Gi}]}", ", labels: {tier: back}");
  const three = await manifest("{cpus: 4, disks: [{name: a, size: 3Gi}]}");
  t.match(await run(...serverSide, "--field-manager=one", "-f", one), { text: /web serverside-applied/ });
  t.match(await run(...serverSide, "--field-manager=two", "-f", two), { code: 0 });
  t.equal(
    await field("{.spec.disks[*].name} {.metadata.labels.app} {.metadata.labels.tier}"),
    "a b web back",
  );
  t.match(await run(...serverSide, "--field-manager=three", "-f", three), {
    code: 1,
    text: 'failed with 2 conflicts: conflicts with "one":\n- .spec.cpus\n- .spec.disks[name="a"].size\n',
  });
  const forced = await run(...serverSide, "--field-manager=three", "--force-conflicts", "-f", three);
  t.equal(forced.code, 0);
  t.equal(await field("{.spec.cpus} {.spec.disks[*].size}"), "4 3Gi 2Gi");
  t.match(await run(...serverSide, "--field-manager=one", "-f", one), { text: /conflicts with "three"/ });
});

t.test("what is applied again is unchanged, and what is left out goes", { skip }, async (t) => {
  await using kubectl = await startKubectl();
  const { run, manifest, field } = kubectl;
  const whole = await manifest(base, ", labels: {app: web, x: z}");
  await run(...serverSide, "-f", whole);
  const version = await field("{.metadata.resourceVersion}");
  t.match(await run(...serverSide, "-f", whole), { code: 0 });
  t.equal(await field("{.metadata.resourceVersion}"), version);
  t.match(await run("diff", "--server-side", "-f", whole), { code: 0, text: /^$/ });
  const less = await manifest("{cpus: 2, memory: 64Mi}", ", labels: {app: web}");
  t.match(await run("diff", "--server-side", "-f", less), {
    code: 1,
    text: /-.*cpus: 1\n[\s\S]*\+.*cpus: 2/,
  });
  t.equal(await field("{.metadata.resourceVersion}"), version, "a diff changes nothing");
  await run(...serverSide, "--dry-run=server", "-f", less);
  t.equal(await field("{.metadata.resourceVersion}"), version, "nor does a dry run");
  await run(...serverSide, "-f", less);
  t.equal(await field("{.spec.cpus} {.spec.disks[*].name} {.metadata.labels}"), '2  {"app":"web"}');
  t.match(await run(...serverSide, "-f", await manifest("{nosuch: 1}")), {
    code: 1,
    text: /\.spec\.nosuch: field not declared in schema/,
  });
  t.match(await run(...serverSide, "-f", await manifest("{cpus: 0, memory: 64Mi}")), { text: /spec.cpus/ });
});

t.test("who applied on the client's side goes over to the server's, and back", { skip }, async (t) => {
  await using kubectl = await startKubectl();
  const { run, manifest, field } = kubectl;
  t.match(await run("apply", "-f", await manifest(base)), { text: /web created/ });
  t.equal(await field(managers), "kubectl-client-side-apply:Update: ");
  t.match(await run(...serverSide, "-f", await manifest(base.replace("cpus: 1", "cpus: 2"))), { code: 0 });
  t.match(await field(managers), /kubectl:Apply:/);
  t.notMatch(await field(managers), "kubectl-client-side-apply");
  t.match(await field("{.metadata.annotations}"), /last-applied-configuration.*cpus\\*":2/);
  const without = await manifest("{cpus: 3, memory: 64Mi}");
  t.match(await run(...serverSide, "-f", without), { code: 0 });
  t.equal(await field("{.spec.cpus} {.spec.disks}"), "3 []", "the field is pruned: the new manager had it");
  t.match(await run("apply", "-f", without), { text: /web (configured|unchanged)/ });
  t.match(await run("apply", "-f", without), { text: /web unchanged/ });
});

t.test("patches of every type, edits, labels and annotations", { skip }, async (t) => {
  await using kubectl = await startKubectl();
  const { run, manifest, field } = kubectl;
  await run("create", "-f", await manifest(base));
  const patch = (...args: readonly string[]) => run("patch", "vm", "web", ...args);
  t.match(await patch("-p", '{"spec":{"disks":[{"name":"b","size":"2Gi"}]}}'), { text: /web patched/ });
  t.equal(
    await field("{.spec.disks[*].name}"),
    "a b",
    "the strategic one, which is the usual, merges by name",
  );
  await patch("-p", '{"spec":{"disks":[{"name":"a","$patch":"delete"}]}}');
  t.equal(await field("{.spec.disks[*].name}"), "b");
  t.match(await patch("-p", '{"spec":{"$patch":"explode"}}'), {
    code: 1,
    text: /\(BadRequest\).*\$patch must be/,
  });
  t.match(await patch("--type=merge", "-p", '{"spec":{"disks":[]}}'), { text: /web patched/ });
  t.equal(await field("{.spec.disks}"), "[]");
  const replace = '{"op":"replace","path":"/spec/cpus","value":5}';
  t.match(await patch("--type=json", "-p", `[${replace}]`), { text: /web patched/ });
  const test = '{"op":"test","path":"/spec/cpus","value":1}';
  t.match(await patch("--type=json", "-p", `[${test},${replace}]`), {
    code: 1,
    text: /is not the one tested for/,
  });
  t.match(await patch("--type=json", "-p", '[{"op":"add","path":"/spec/no/such","value":1}]'), {
    code: 1,
    text: /there is nothing at/,
  });
  t.match(await patch("--subresource=status", "-p", '{"status":{"printableStatus":"Paused"}}'), { code: 0 });
  t.match(await run("edit", "vm", "web"), { text: /web edited/ });
  t.equal(await field("{.spec.cpus}"), "9");
  t.match(await run("label", "vm", "web", "a=b"), { text: /web labeled/ });
  t.match(await run("annotate", "vm", "web", "a=b"), { text: /web annotated/ });
  const everybody = (await field(managers)).trim().split(" ").sort();
  t.same(everybody, [
    "kubectl-annotate:Update:",
    "kubectl-create:Update:",
    "kubectl-edit:Update:",
    "kubectl-label:Update:",
    "kubectl-patch:Update:status",
  ]);
  t.notMatch((await run("get", "vm", "web", "-o", "yaml")).text, "managedFields");
  t.match((await run("get", "vm", "web", "-o", "yaml", "--show-managed-fields")).text, "f:cpus: {}");
});

t.test("the record is cleared, and begins again with the next apply", { skip }, async (t) => {
  await using kubectl = await startKubectl();
  const { run, manifest, field } = kubectl;
  await run("create", "-f", await manifest(base));
  const clear = '[{"op":"replace","path":"/metadata/managedFields","value":[{}]}]';
  t.match(await run("patch", "vm", "web", "--type=json", "-p", clear), { code: 0 });
  t.equal(await field(managers), "");
  t.match(await run(...serverSide, "-f", await manifest("{cpus: 2}")), {
    text: /conflict with "before-first-apply"/,
  });
  t.match(await run(...serverSide, "--force-conflicts", "-f", await manifest("{cpus: 2}")), { code: 0 });
  t.equal((await field(managers)).trim(), "kubectl:Apply: before-first-apply:Update:");
});

t.test("status, config maps and namespaces are applied too", { skip }, async (t) => {
  await using kubectl = await startKubectl();
  const { run, manifest, field, api } = kubectl;
  const file = await manifest(`${base}\nstatus: {printableStatus: Paused}`);
  await run(...serverSide, "-f", file);
  t.equal(await field("{.status.printableStatus}"), "");
  t.match(await run(...serverSide, "--subresource=status", "-f", file), { code: 0 });
  t.equal(await field("{.status.printableStatus}"), "Paused");
  const path = join(api.directory, "map.yaml");
  await writeFile(path, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: x}\n");
  t.match(await run(...serverSide, "-f", path), { text: /configmap\/c serverside-applied/ });
  t.match(await run("patch", "configmap", "c", "-p", '{"data":{"b":"y"}}'), { text: /c patched/ });
  t.match(await run("get", "configmap", "c", "-o", "jsonpath={.data}"), { text: '{"a":"x","b":"y"}' });
  await writeFile(path, "apiVersion: v1\nkind: Namespace\nmetadata: {name: team, labels: {a: b}}\n");
  t.match(await run(...serverSide, "-f", path), { text: /namespace\/team serverside-applied/ });
  t.match(await run(...serverSide, "-f", path), { code: 0 });
});
