import { configMap, documents, machine, type Scenario } from "./step.ts";

const list = `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: listed}}
- {apiVersion: ostler.dev/v1, kind: VirtualMachine, metadata: {name: listed}, spec: {cpus: 1, memory: 64Mi}}
`;

/** What is made, from files and from flags, and what is refused. */
export const creating: Scenario = {
  title: "creating, and being refused",
  steps: [
    { run: "create -f -", input: machine("web"), says: "virtualmachine.ostler.dev/web created" },
    {
      run: "create -f -",
      input: machine("web"),
      code: 1,
      says: '(AlreadyExists): error when creating "STDIN"',
    },
    {
      run: "create -f -",
      input: machine("a", ", nosuch: 1"),
      code: 1,
      says: 'strict decoding error: unknown field "spec.nosuch"',
    },
    {
      run: "create -f - --validate=warn",
      input: machine("warned", ", nosuch: 1"),
      says: /created[\s\S]*Warning: unknown field "spec.nosuch"/,
    },
    { run: "get vm warned -o yaml", saysNot: "nosuch" },
    {
      run: "create -f - --validate=ignore",
      input: machine("ignored", ", nosuch: 1"),
      says: "created",
      saysNot: "Warning",
    },
    {
      run: "create -f -",
      input: machine("a", ", runStrategy: Sometimes, domainName: -x"),
      code: 1,
      says: /The VirtualMachine "a" is invalid: \n\* spec.runStrategy.*\n\* spec.domainName/,
    },
    { run: "create -f - --dry-run=server", input: machine("dry"), says: "created (server dry run)" },
    { run: "get vm dry", code: 1, says: 'virtualmachines.ostler.dev "dry" not found' },
    {
      run: "create -f - -o name",
      input: machine("''", "", ", generateName: made-"),
      says: /virtualmachine.ostler.dev\/made-.{5}\n/,
    },
    {
      run: "create -f -",
      input: list,
      says: /configmap\/listed created\nvirtualmachine.ostler.dev\/listed created/,
    },
    {
      run: "create -f -",
      input: documents(configMap("one"), configMap("two")),
      says: /one created\nconfigmap\/two created/,
    },
    { run: "create configmap flags --from-literal=a=b", says: "configmap/flags created" },
    { run: "get cm flags -o jsonpath={.data.a}", says: /^b$/ },
    { run: "create secret generic key --from-literal=password=hunter2", says: "secret/key created" },
    { run: "get secret key -o jsonpath={.data.password}", says: "aHVudGVyMg==" },
    { run: "describe secret key", says: "password:  7 bytes", saysNot: "aHVudGVyMg" },
    {
      run: "create -f -",
      input: "apiVersion: v1\nkind: Secret\nmetadata: {name: bad}\ndata: {a: hunter2}\n",
      code: 1,
      says: "data.a: must be base64",
      saysNot: "hunter2",
    },
    {
      run: "create -f -",
      input: "apiVersion: v1\nkind: Secret\nmetadata: {name: t}\ntype: kubernetes.io/tls\n",
      code: 1,
      says: /tls.crt.*required/,
    },
    { run: "get secrets --field-selector type=Opaque -o name", says: /^secret\/key\n$/ },
    { run: "patch configmap flags -p '{\"immutable\":true}'", says: "patched" },
    {
      run: 'patch configmap flags -p \'{"data":{"a":"c"}}\'',
      code: 1,
      says: "field is immutable when `immutable` is set",
    },
    { run: "create namespace default", code: 1, says: 'namespaces "default" already exists' },
    {
      run: "create priorityclass kubectl-high --value=1000",
      says: "priorityclass.scheduling.k8s.io/kubectl-high created",
    },
    { run: "delete priorityclass kubectl-high", says: "deleted" },
    { run: "create deployment x --image=y", code: 1, says: "could not find the requested resource" },
    { run: "create -f - -n nowhere", input: configMap("a"), code: 1, says: 'namespaces "nowhere" not found' },
  ],
};
