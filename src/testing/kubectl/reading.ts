import { documents, machine, type Scenario } from "./step.ts";

const path = "/apis/ostler.dev/v1/namespaces/NAMESPACE/virtualmachines";

/** With a time as JavaScript writes it, which Kubernetes' clients cannot read. */
const event = `apiVersion: v1
kind: Event
metadata: {name: a.1}
involvedObject: {apiVersion: ostler.dev/v1, kind: VirtualMachine, name: a, namespace: NAMESPACE}
type: Normal
reason: Tested
message: it was
eventTime: 2026-01-31T12:00:00.12Z
action: Test
reportingComponent: test
`;

/** Every way of looking. */
export const reading: Scenario = {
  title: "getting, describing and selecting",
  steps: [
    { run: "get vm", says: /^No resources found in .* namespace.$/m },
    {
      run: "apply -f -",
      input: documents(machine("a", "", ", labels: {app: web}"), machine("b", ", runStrategy: Halted")),
      says: /a created[\s\S]*b created/,
    },
    { run: "wait vm/a --for=condition=Ready --timeout=30s", says: "condition met" },
    {
      run: "get vm",
      says: /^NAME +STATUS +READY +HOST +ADDRESS +CPUS .*\na +Running +True +fake-\d +1 +64Mi .*\nb +Stop/,
    },
    { run: "get vm -o wide", says: /REASON +STRATEGY +TYPE +DOMAIN +AGE[\s\S]*Halted/ },
    { run: "get vms.v1.ostler.dev a -o name", says: "virtualmachine.ostler.dev/a" },
    { run: "get vm/a vm/b -o name", says: /a\n.*b/ },
    { run: "get vm -o jsonpath={.items[*].metadata.name}", says: /^a b$/ },
    {
      run: "get vm -o custom-columns=N:.metadata.name,R:.spec.runStrategy",
      says: /^N +R\na +Always\nb +Halted/,
    },
    { run: "get vm a -o go-template={{.spec.cpus}}", says: /^1$/ },
    {
      run: "get vm a -o json",
      says: /^\{\n {4}"apiVersion": "ostler.dev\/v1",\n {4}"kind": "VirtualMachine"/,
    },
    { run: "get vm --sort-by=.spec.runStrategy -o name", says: /a\n.*b/ },
    { run: "get vm --show-labels", says: /app=web/ },
    { run: "get vm -L app", says: /APP\na .* web/ },
    { run: "get vm -l app=web -o name", says: /^.*\/a\n$/ },
    { run: "get vm -l 'app in (web,db),!tier' -o name", says: /^.*\/a\n$/ },
    { run: "get vm -l app!=web -o name", says: /^.*\/b\n$/ },
    { run: "get vm -l 'a b'", code: 1, says: "unable to parse" },
    { run: "get vm --field-selector spec.runStrategy=Halted -o name", says: /^.*\/b\n$/ },
    {
      run: "get vm --field-selector status.printableStatus=Running,metadata.name!=b -o name",
      says: /^.*\/a\n$/,
    },
    { run: "get vm --field-selector spec.cpus=1", code: 1, says: "field label not supported: spec.cpus" },
    { run: "get vm -A --field-selector metadata.namespace=NAMESPACE -o name", says: /a\n.*b/ },
    { run: "get vm --chunk-size=1 -o name", says: /a\n.*b/ },
    { run: `get --raw ${path}?limit=1`, says: /"continue":"[^"]+","remainingItemCount":1/ },
    { run: `get --raw ${path}?continue=rubbish`, code: 1, says: "(BadRequest): continue key is not valid" },
    {
      run: `get --raw ${path}?resourceVersion=0&resourceVersionMatch=Exact`,
      code: 1,
      says: /forbidden for resourceVersion/,
    },
    { run: `get --raw ${path}?resourceVersion=9999999`, code: 1, says: "Too large resource version" },
    { run: "get vm a --subresource=status -o jsonpath={.status.printableStatus}", says: "Running" },
    { run: "get all", says: "virtualmachine.ostler.dev/a" },
    { run: "get ostler -o name", says: /host.ostler.dev\/fake-1/ },
    { run: "get hosts", says: /^NAME +READY +REASON +ACCELERATOR +CPUS +MEMORY +AGE\nfake-1 +True/ },
    { run: "describe host fake-2", says: /Name: +fake-2[\s\S]*Kind: +Host/ },
    { run: "describe vm a", says: /Name: +a\n[\s\S]*Printable Status: +Running[\s\S]*Events:/ },
    { run: "get vm nothing", code: 1, says: '(NotFound): virtualmachines.ostler.dev "nothing" not found' },
    { run: "get vm nothing --ignore-not-found", says: /^$/ },
    { run: "create -f -", input: event, says: "event/a.1 created" },
    {
      run: "get events",
      says: /LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n.* Normal +Tested +virtualmachine\/a +it was/,
    },
    { run: "get events -o wide", says: /SUBOBJECT +SOURCE +MESSAGE +FIRST SEEN +COUNT/ },
    { run: "events --for vm/a", says: /Tested +VirtualMachine\/a +it was/ },
    {
      run: "get events --field-selector involvedObject.kind=VirtualMachine,reason=Tested -o name",
      says: "event/a.1",
    },
    { run: "get event a.1 -o jsonpath={.eventTime}", says: "2026-01-31T12:00:00.120000Z" },
  ],
};
