import { configMap, documents, machine, type Scenario } from "./step.ts";

/** Patches, labels, waiting and deleting. */
export const changing: Scenario = {
  title: "patching, watching, waiting and deleting",
  steps: [
    {
      run: "create -f -",
      input: documents(
        machine("web", ", runStrategy: Halted"),
        machine("gone", ", runStrategy: Halted"),
        configMap("cm", "a: b"),
      ),
      says: "created",
    },
    { run: `patch vm web --type=merge -p '{"metadata":{"labels":{"a":"b"}}}'`, says: "web patched" },
    { run: `patch vm web --type=merge -p '{"metadata":{"labels":{"a":"b"}}}'`, says: "patched (no change)" },
    {
      run: `patch vm web --type=json -p '[{"op":"test","path":"/spec/cpus","value":9}]'`,
      code: 1,
      says: /is invalid: .*"\/spec\/cpus" is not the one tested for/,
    },
    {
      run: `patch vm web --type=json -p '[{"op":"replace","path":"/spec/runStrategy","value":"Manual"}]'`,
      says: "patched",
    },
    { run: `patch cm cm -p '{"data":{"c":"d"}}'`, says: "configmap/cm patched" },
    { run: "label vm web tier=front", says: "web labeled" },
    { run: "label vm web tier=back", code: 1, says: "already has a value" },
    { run: "label vm web tier=back --overwrite", says: "labeled" },
    { run: "label vm web tier-", says: "unlabeled" },
    { run: "annotate vm web example.org/note=x", says: "annotated" },
    {
      run: `patch vm web --subresource=status --type=merge -p '{"status":{"printableStatus":"Paused"}}'`,
      says: "patched",
    },
    {
      run: "wait vm/web --for=jsonpath={.metadata.labels.go}=yes --timeout=30s",
      meanwhile: "label vm web go=yes",
      says: "condition met",
    },
    {
      run: "wait vm/soon --for=create --timeout=30s",
      meanwhile: "apply -f -",
      polls: true,
      input: machine("soon", ", runStrategy: Halted"),
      says: "condition met",
    },
    {
      run: "get vm -w --output-watch-events --request-timeout=6s",
      meanwhile: "delete vm gone",
      says: /ADDED +soon[\s\S]*MODIFIED +gone[\s\S]*DELETED +gone/,
      code: 0,
    },
    {
      run: `patch cm cm --type=merge -p '{"metadata":{"finalizers":["example.org/hold"]}}'`,
      says: "patched",
    },
    { run: "delete cm cm --timeout=1s", code: 1, says: "timed out waiting for the condition" },
    {
      run: "wait cm/cm --for=delete --timeout=30s",
      meanwhile: `patch cm cm --type=merge -p '{"metadata":{"finalizers":null}}'`,
      says: "condition met",
    },
    {
      run: "create -f -",
      input: documents(configMap("x1", "", ", labels: {x: z}"), configMap("x2", "", ", labels: {x: z}")),
      says: "x2 created",
    },
    { run: "delete cm -l x=z", says: /"x1" deleted[\s\S]*"x2" deleted/ },
    { run: "delete vm web --dry-run=server", says: "deleted (server dry run)" },
    { run: "delete vm --all --timeout=30s", says: /"soon" deleted[\s\S]*"web" deleted/ },
    { run: "get vm", says: "No resources found" },
    { run: "delete cm nothing", code: 1, says: "(NotFound)" },
    { run: "delete cm nothing --ignore-not-found", says: /^$/ },
  ],
};
