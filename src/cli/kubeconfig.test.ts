import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
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

const inDirectory = async (t: Test): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-kubeconfig-"));
  t.teardown(() => rm(directory, { recursive: true }));
  return directory;
};

t.test("what is given goes before the environment", async (t) => {
  t.same(await findKubeconfig("given", { OSTLER_KUBECONFIG: "env" }), ["given"]);
  t.same(await findKubeconfig(undefined, { OSTLER_KUBECONFIG: "env", KUBECONFIG: "other" }), ["env"]);
});

t.test("as a plugin of kubectl it uses what kubectl uses", async (t) => {
  const directory = await inDirectory(t);
  const [one, two] = [join(directory, "one"), join(directory, "two")];
  await writeFile(two, "{}");
  const plugin = { OSTLER_KUBECTL_PLUGIN: "1", OSTLER_KUBECONFIG: "env", HOME: directory };
  t.same(await findKubeconfig(undefined, { ...plugin, KUBECONFIG: `${one}::${two}` }), [two]);
  t.same(await findKubeconfig(undefined, { ...plugin, KUBECONFIG: one }), [one], "and then it is missed");
  await t.rejects(findKubeconfig(undefined, plugin), /no kubeconfig found/);
  await mkdir(join(directory, ".kube"));
  await writeFile(join(directory, ".kube/config"), "{}");
  t.same(await findKubeconfig(undefined, plugin), [join(directory, ".kube/config")]);
});

t.test("of several files the first to say something counts, each with files beside it", async (t) => {
  const directory = await inDirectory(t);
  const [one, two] = [join(directory, "one"), join(directory, "sub/two")];
  await mkdir(join(directory, "sub"));
  await writeFile(join(directory, "sub/token"), "fresh\n");
  await writeFile(
    one,
    `contexts: [{name: a, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: https://one, tls-server-name: ostler}}]`,
  );
  await writeFile(
    two,
    `current-context: a
contexts: [{name: a, context: {cluster: d, user: v}}, {name: b, context: {cluster: d, user: u, namespace: n}}]
clusters: [{name: c, cluster: {server: https://other}}, {name: d, cluster: {server: https://two}}]
users: [{name: u, user: {tokenFile: token, token: stale}}]`,
  );
  const both = [one, two];
  t.match(await readKubeconfig(both), { server: "https://one", serverName: "ostler", token: "fresh" });
  t.match(await readKubeconfig(both, "b"), { server: "https://two", namespace: "n" });
  await t.rejects(readKubeconfig(both, "c"), /no "c" in contexts/);
  await t.rejects(readKubeconfig([one]), /no current context/);
});

t.test("what is not supported is refused in words, never passed over", async (t) => {
  const path = join(await inDirectory(t), "config");
  const cases = [
    ["{}", "{exec: {command: aws}}", /exec is not supported: no program is run/],
    ["{}", "{auth-provider: {name: oidc}}", /auth-provider is not supported/],
    ["{}", "{username: ann, password: x}", /username is not supported: there are no passwords/],
    ["{}", "{as: bob}", /as is not supported/],
    ["{}", "{tokenFile: nowhere}", /nowhere/],
    ["{insecure-skip-tls-verify: true}", "{}", /insecure-skip-tls-verify is not supported/],
    ["{proxy-url: http://p}", "{}", /proxy-url is not supported/],
  ] as const;
  for (const [cluster, user, words] of cases) {
    await writeFile(
      path,
      `current-context: a
contexts: [{name: a, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: ${cluster.replace("}", `${cluster === "{}" ? "" : ", "}server: https://x}`)}}]
users: [{name: u, user: ${user}}]`,
    );
    await t.rejects(readKubeconfig(path), words);
  }
});
