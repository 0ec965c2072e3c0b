import type { Scenario } from "./step.ts";

const pool = `apiVersion: ostler.dev/v1
kind: VirtualMachinePool
metadata: {name: pool}
spec:
  replicas: 2
  selector: {matchLabels: {app: pool}}
  template: {metadata: {labels: {app: pool}}, spec: {cpus: 1, memory: 64Mi}}
`;

/** Pools and their scale. */
export const pools: Scenario = {
  title: "pools, scale and what becomes of dependents",
  steps: [
    { run: "create -f -", input: pool, says: "virtualmachinepool.ostler.dev/pool created" },
    { run: "wait vmpool/pool --for=jsonpath={.status.readyReplicas}=2 --timeout=30s", says: "condition met" },
    { run: "scale vmpool pool --replicas=3 --current-replicas=2", says: "pool scaled" },
    {
      run: "scale vmpool pool --replicas=1 --current-replicas=7",
      code: 1,
      says: "Expected replicas to be 7, was 3",
    },
    { run: "wait vmpool/pool --for=jsonpath={.status.readyReplicas}=3 --timeout=30s", says: "condition met" },
    { run: "scale vmpool/pool --replicas=1", says: "pool scaled" },
    { run: "wait vmpool/pool --for=jsonpath={.status.replicas}=1 --timeout=30s", says: "condition met" },
    { run: "get vmpool", says: /^NAME +DESIRED +CURRENT +READY +AGE\npool +1 +1 / },
    {
      run: "get --raw /apis/ostler.dev/v1/namespaces/NAMESPACE/virtualmachinepools/pool/scale",
      says: '"kind":"Scale"',
    },
    { run: "delete vmpool pool --cascade=orphan --timeout=30s", says: "deleted" },
    { run: "get vm -l app=pool -o name", says: "virtualmachine.ostler.dev/pool-" },
    { run: "delete vm -l app=pool --timeout=30s", says: "deleted" },
    { run: "create -f -", input: pool, says: "created" },
    { run: "wait vmpool/pool --for=jsonpath={.status.readyReplicas}=2 --timeout=30s", says: "condition met" },
    { run: "delete vmpool pool --cascade=foreground --timeout=60s", says: "deleted" },
    { run: "get vm", says: "No resources found" },
    { run: "create -f -", input: pool, says: "created" },
    { run: "wait vmpool/pool --for=jsonpath={.status.readyReplicas}=2 --timeout=30s", says: "condition met" },
    { run: "delete vmpool pool --timeout=30s", says: "deleted" },
    { run: "wait vm -l app=pool --for=delete --timeout=60s" },
    { run: "get vm", says: "No resources found" },
  ],
};
