import type { Scenario } from "./step.ts";

/** Who may do what. */
export const access: Scenario = {
  title: "access",
  steps: [
    { run: "auth whoami", says: /Username +admin[\s\S]*system:masters/ },
    { run: "auth can-i delete vm", says: /^yes$/m },
    { run: "auth can-i --list", says: /\*\.\* / },
    { run: "auth can-i delete vm --as=nobody", code: 1, says: /^no$/m },
    {
      run: "create role reader --verb=get,list,watch --resource=virtualmachines.ostler.dev",
      says: "role.rbac.authorization.k8s.io/reader created",
    },
    { run: "create rolebinding reader --role=reader --user=viewer", says: "created" },
    { run: "auth can-i list vm --as=viewer", says: /^yes$/m },
    { run: "auth can-i delete vm --as=viewer", code: 1, says: /^no$/m },
    { run: "get vm --as=viewer", says: "No resources found" },
    {
      run: "get secrets --as=viewer",
      code: 1,
      says: /Forbidden.*User "viewer" cannot list resource "secrets"/,
    },
    { run: "create configmap x --as=viewer", code: 1, says: "forbidden" },
    {
      run: "delete vm x --as=viewer",
      code: 1,
      says: 'cannot delete resource "virtualmachines" in API group "ostler.dev"',
    },
    { run: "get vm --as=viewer --as-group=system:masters", says: "No resources found" },
    { run: "get vm --token=wrong", code: 1, says: /Unauthorized|must be logged in/ },
  ],
};
