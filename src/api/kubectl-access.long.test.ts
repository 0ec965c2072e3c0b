import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { startAccess, tokenOf } from "../testing/access-fixture.ts";

const skip = withoutKubectl();

function withoutKubectl(): string | false {
  try {
    execFileSync("kubectl", ["version", "--client"], { stdio: "ignore" });
    return false;
  } catch {
    return "kubectl is not installed";
  }
}

t.test("kubectl sees who may do what", { skip }, async (t) => {
  await using access = await startAccess(["ann"], { listen: true });
  await access.bind("ann", "view", "default");
  const directory = await mkdtemp(join(tmpdir(), "ostler-kubectl-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const env = { ...process.env, KUBECONFIG: access.api.kubeconfig, KUBECACHEDIR: join(directory, "cache") };
  const as = (user: string) => (line: string) =>
    new Promise<string>((resolve) => {
      const args = [...line.split(" "), `--token=${tokenOf(user)}`];
      execFile("kubectl", args, { env, timeout: 30_000 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
  const ann = as("ann");
  const root = as("root+system:masters");
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, text);
    return path;
  };
  const machine = await file(
    "machine.yaml",
    "apiVersion: ostler.dev/v1\nkind: VirtualMachine\nmetadata: {name: web}\nspec: {cpus: 1, memory: 64Mi}\n",
  );

  await t.test("a viewer looks and does not touch", async (t) => {
    t.match(await root(`create -f ${machine}`), "created");
    t.match(await ann("get vm web -o name"), "virtualmachine.ostler.dev/web");
    t.match(await ann("auth can-i delete vm"), /^no/);
    t.match(await ann("auth can-i list vm"), /^yes/);
    t.match(await ann("auth can-i update vm --subresource=start"), /^no/);
    t.match(await ann("auth can-i get /metrics"), /^no/);
    t.match(
      await ann("delete vm web"),
      'Error from server (Forbidden): virtualmachines.ostler.dev "web" is forbidden: ' +
        'User "ann" cannot delete resource "virtualmachines" in API group ' +
        '"ostler.dev" in the namespace "default"',
    );
    t.match(
      await ann("get vm --as=admin"),
      /\(Forbidden\): users "admin" is forbidden: User "ann" cannot impersonate/,
    );
    t.match(await ann("get secrets"), "(Forbidden)");
    t.match(await ann("get vm -A"), /\(Forbidden\).*at the cluster scope/);
    t.match(await as("nobody")("get vm"), /Unauthorized|must be logged in/);
  });

  await t.test("who am I, and what may I do", async (t) => {
    t.match(await ann("auth whoami"), /Username +ann\nGroups +\[system:authenticated\]/);
    t.match(await ann("auth can-i --list"), /virtualmachines\.ostler\.dev +\[\] +\[\] +\[get list watch\]/);
    t.match(await root("auth can-i delete hosts"), /^yes/);
    t.match(await root("get vm web --as=ann -o name"), "virtualmachine.ostler.dev/web");
    t.match(await root("delete vm web --as=ann"), '(Forbidden): virtualmachines.ostler.dev "web"');
    t.match(await root("auth whoami --as=ann --as-group=dev"), /Groups +\[dev system:authenticated\]/);
  });

  await t.test("roles are made, given and reconciled", async (t) => {
    t.match(await root("create role starter --verb=update --resource=virtualmachines/start"), "created");
    t.match(await root("create rolebinding starters --role=starter --user=ann"), "created");
    t.match(await ann("auth can-i update vm --subresource=start"), /^yes/);
    t.match(await root("create clusterrole looker --verb=get --resource=hosts"), "created");
    t.match(await root("create clusterrolebinding lookers --clusterrole=looker --user=ann"), "created");
    t.match(await ann("auth can-i get hosts"), /^yes/);
    const rules = await file(
      "rbac.yaml",
      `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: starter, namespace: default}
rules:
- {apiGroups: [ostler.dev], resources: [virtualmachines/stop], verbs: [update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: starters, namespace: default}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: starter}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: bob}
`,
    );
    t.match(await root(`auth reconcile -f ${rules}`), /reconciled/);
    const subjects = await root("get rolebinding starters -o jsonpath={.subjects[*].name}");
    t.equal(subjects, "ann bob");
    t.match(await ann("auth can-i update vm --subresource=stop"), /^yes/);
    t.match(await root(`apply -f ${rules}`), /configured/);
    t.match(await ann("auth can-i update vm --subresource=stop"), /^no/);
    t.match(await root("describe clusterrole view"), /virtualmachines\.ostler\.dev/);
    t.match(await root("get clusterroles"), /cluster-admin/);
    t.match(await root("describe rolebinding starters"), /Kind: +Role[\s\S]*bob/);
  });
});
