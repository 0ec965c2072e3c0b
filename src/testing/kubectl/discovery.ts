import type { Scenario } from "./step.ts";

/** What there is, and what it looks like. */
export const discovery: Scenario = {
  title: "discovery and explanations",
  steps: [
    { run: "version", says: /^Server Version: v1\.32\.0\+ostler$/m },
    { run: "cluster-info", says: "control plane" },
    { run: "api-versions", says: /^ostler\.dev\/v1$/m },
    { run: "api-resources", says: /^virtualmachines +vm,vms +ostler.dev\/v1 +true +VirtualMachine$/m },
    {
      run: "api-resources --namespaced=false -o name",
      says: /^hosts.ostler.dev$/m,
      saysNot: "virtualmachines",
    },
    {
      run: "api-resources --categories=all -o name",
      says: /^virtualmachines.ostler.dev$/m,
      saysNot: "hosts",
    },
    { run: "api-resources --verbs=create --api-group=apiextensions.k8s.io -o name", saysNot: "custom" },
    {
      run: "explain vm",
      says: /KIND: +VirtualMachine[\s\S]*on one of the hosts[\s\S]*spec\t<Object> -required-/,
    },
    {
      run: "explain vm.spec.disks --recursive",
      says: /bus\t<string>\n {2}enum: virtio, scsi[\s\S]*name\t<string> -required-/,
    },
    {
      run: "explain vm.status.decisions",
      says: /feasible\t<integer>[\s\S]*How many of them could take it/,
    },
    { run: "explain vm.metadata.labels", says: "<map[string]string>" },
    { run: "explain vm.spec.nothing", code: 1, says: 'field "nothing" does not exist' },
    { run: "explain vm.spec.runStrategy --output=plaintext-openapiv2", says: /FIELD: +runStrategy <string>/ },
    { run: "explain secret.stringData", says: "Only written, never read" },
    { run: "explain crd.spec.names", says: "shortNames" },
    {
      run: "get crd virtualmachines.ostler.dev -o name",
      says: "customresourcedefinition.apiextensions.k8s.io/",
    },
    {
      run: "get crd virtualmachines.ostler.dev -o jsonpath={.spec.versions[0].selectableFields[*].jsonPath}",
      says: ".status.hostName",
    },
    { run: "delete crd virtualmachines.ostler.dev", code: 1, says: "MethodNotAllowed" },
    { run: "get services -A", says: "No resources found" },
    { run: "get deployments", code: 1, says: `the server doesn't have a resource type "deployments"` },
    { run: "get --raw /apis/nothing/v1", code: 1, says: "(NotFound)" },
    { run: "get --raw /readyz", says: "ok" },
  ],
};
