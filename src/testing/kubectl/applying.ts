import { configMap, documents, machine, type Scenario } from "./step.ts";

const first = machine("web", "", ", labels: {app: web, tier: front}");
const second = machine("web", ", terminationGracePeriodSeconds: 5", ", labels: {app: web}");

/** Apply by the client, and what goes with it. */
export const applying: Scenario = {
  title: "apply, diff, edit and replace",
  steps: [
    { run: "diff -f -", input: first, code: 1, says: /^\+ +tier: front$/m },
    { run: "apply -f -", input: first, says: "web created" },
    { run: "apply -f -", input: first, says: "web unchanged" },
    { run: "diff -f -", input: first, says: /^$/ },
    { run: "diff -f -", input: second, code: 1, says: /^\+ +terminationGracePeriodSeconds: 5$/m },
    { run: "apply -f -", input: second, says: "web configured" },
    { run: "get vm web -o jsonpath={.metadata.labels}", says: /^\{"app":"web"\}$/ },
    { run: "apply view-last-applied vm/web", says: "terminationGracePeriodSeconds: 5" },
    { run: "apply -f - --dry-run=server", input: first, says: "configured (server dry run)" },
    {
      run: "edit vm web",
      env: { KUBE_EDITOR: "sed -i s/app:.web/&edited/" },
      says: "web edited",
    },
    { run: "get vm web -o jsonpath={.metadata.labels.app}", says: "webedited" },
    { run: "replace -f -", input: first, says: "web replaced" },
    {
      run: "replace -f -",
      input: machine("web", "", ', resourceVersion: "1"'),
      code: 1,
      says: /Conflict.*the object has been modified/,
    },
    { run: "replace -f -", input: machine("nothing"), code: 1, says: "(NotFound)" },
    { run: "replace --force -f - --timeout=20s", input: machine("web"), says: /deleted[\s\S]*replaced/ },
    {
      run: "apply -f -",
      input: documents(configMap("p1", "", ", labels: {set: p}"), configMap("p2", "", ", labels: {set: p}")),
      says: /p1 created[\s\S]*p2 created/,
    },
    {
      run: "apply -f - --prune -l set=p --prune-allowlist=core/v1/ConfigMap",
      input: configMap("p1", "", ", labels: {set: p}"),
      says: /p1 unchanged\nconfigmap\/p2 pruned/,
    },
    {
      run: "apply -f - --prune --applyset=configmaps/parts -n NAMESPACE",
      env: { KUBECTL_APPLYSET: "true" },
      input: documents(configMap("s1"), configMap("s2")),
      says: /s1 serverside-applied|s1 created/,
    },
    {
      run: "apply -f - --prune --applyset=configmaps/parts -n NAMESPACE",
      env: { KUBECTL_APPLYSET: "true" },
      input: configMap("s1"),
      says: "configmap/s2 pruned",
    },
  ],
};
