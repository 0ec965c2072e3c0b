import { configMap, machine, type Scenario } from "./step.ts";

/** A namespace goes with all that is in it. */
export const namespaces: Scenario = {
  title: "namespaces",
  steps: [
    { run: "create namespace NAMESPACE-2", says: "created" },
    { run: "get ns NAMESPACE-2", says: /STATUS +AGE\n.*Active/ },
    { run: "create -f - -n NAMESPACE-2", input: machine("web"), says: "created" },
    { run: "create -f - -n NAMESPACE-2", input: configMap("cm"), says: "created" },
    { run: "label ns NAMESPACE-2 team=a", says: "labeled" },
    { run: "delete ns NAMESPACE-2 --timeout=60s", says: "deleted" },
    { run: "get vm,cm -n NAMESPACE-2", says: "No resources found" },
    { run: "get ns NAMESPACE-2", code: 1, says: "(NotFound)" },
  ],
};
