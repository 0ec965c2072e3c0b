import { machine, type Scenario } from "./step.ts";

const apply = "apply --server-side -f -";

/** Apply by the server: who owns what. */
export const serverSide: Scenario = {
  title: "server-side apply",
  steps: [
    {
      run: `${apply} --field-manager=one`,
      input: machine("web", ", disks: [{name: a, size: 1Gi}]"),
      says: "web serverside-applied",
    },
    {
      run: `${apply} --field-manager=two`,
      input: machine("web", ", disks: [{name: b, size: 1Gi}]"),
      says: "web serverside-applied",
    },
    { run: "get vm web -o jsonpath={.spec.disks[*].name}", says: /^a b$/ },
    {
      run: `${apply} --field-manager=three`,
      input: machine("web", ", disks: [{name: a, size: 2Gi}]"),
      code: 1,
      says: /conflict with "one": .spec.disks\[name="a"\].size/,
    },
    {
      run: `${apply} --field-manager=three --force-conflicts`,
      input: machine("web", ", disks: [{name: a, size: 2Gi}]"),
      says: "serverside-applied",
    },
    {
      run: "get vm web --show-managed-fields -o jsonpath={.metadata.managedFields[*].manager}",
      says: "three",
    },
    { run: `${apply} --field-manager=two`, input: machine("web"), says: "serverside-applied" },
    { run: "get vm web -o jsonpath={.spec.disks[*].name}", says: /^a$/ },
    {
      run: `${apply} --field-manager=one --dry-run=server`,
      input: machine("web", ", nosuch: 1"),
      code: 1,
      says: "field not declared in schema",
    },
    { run: "apply -f -", input: machine("moved"), says: "created" },
    {
      run: apply,
      input: machine("moved", "", ", labels: {a: b}"),
      says: "moved serverside-applied",
    },
    { run: "get vm moved -o jsonpath={.metadata.annotations}", says: /last-applied-configuration.*labels/ },
  ],
};
