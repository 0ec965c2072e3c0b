import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { findKubeconfig, readKubeconfig } from "./kubeconfig.ts";

t.test("the current context tells the server, its authority, the token and the namespace", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-kubeconfig-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const path = join(directory, "config");
  await writeFile(join(directory, "ca.pem"), "CA");
  await writeFile(
    path,
    `
current-context: two
contexts:
- {name: one, context: {cluster: c1, user: u1}}
- {name: two, context: {cluster: c2, user: u2, namespace: prod}}
clusters:
- {name: c1, cluster: {server: https://one}}
- {name: c2, cluster: {server: https://two, certificate-authority: ca.pem}}
users:
- {name: u1, user: {token: t1}}
- {name: u2, user: {token: t2, client-certificate-data: Q0VSVA==, client-key-data: S0VZ}}
`,
  );
  t.same(await readKubeconfig(path), {
    server: "https://two",
    ca: "CA",
    token: "t2",
    certificate: { cert: "CERT", key: "KEY" },
    namespace: "prod",
  });
  for (const text of [
    "",
    "[]",
    "a: [",
    "current-context: x\n",
    "current-context: x\ncontexts: [{name: x}]\n",
  ]) {
    await writeFile(path, text);
    await t.rejects(readKubeconfig(path), { name: "UsageError" });
  }
  await t.rejects(readKubeconfig(join(directory, "nope")), { name: "UsageError" });
});

t.test("what is given goes before the environment", async (t) => {
  t.equal(await findKubeconfig("given", { OSTLER_KUBECONFIG: "env" }), "given");
  t.equal(await findKubeconfig(undefined, { OSTLER_KUBECONFIG: "env", KUBECONFIG: "other" }), "env");
});
