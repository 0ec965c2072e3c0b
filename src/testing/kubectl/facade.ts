import { machine, type Scenario } from "./step.ts";

/** Machines as pods, hosts as nodes, and what they use. */
export const facade: Scenario = {
  title: "pods, nodes and figures",
  steps: [
    { run: "create -f -", input: machine("web", "", ", labels: {app: web}"), says: "created" },
    { run: "wait vm/web --for=condition=Ready --timeout=60s", says: "condition met" },
    {
      run: "get pods -o wide",
      says: /NAME +READY +STATUS +RESTARTS +NODE +AGE\nweb +1\/1 +Running +0 +fake-/,
    },
    { run: "get pods -l app=web -o name", says: "pod/web" },
    { run: "get pods -l app=db", says: "No resources found" },
    { run: "get pods --field-selector status.phase=Running,spec.nodeName!= -o name", says: "pod/web" },
    { run: "wait pod/web --for=condition=Ready --timeout=10s", says: "condition met" },
    { run: "describe pod web", says: /Node: +fake-.*Controlled By: +VirtualMachine\/web.*console:/s },
    { run: "explain pod.spec.containers", says: "kubectl attach" },
    { run: "get nodes", says: /NAME +STATUS +VERSION +AGE\nfake-1 +Ready +libvirt/ },
    { run: "describe node fake-1", says: /Capacity:\n +cpu: +64/ },
    { run: "cordon fake-3", says: "cordoned" },
    { run: "get nodes fake-3", says: "Ready,SchedulingDisabled" },
    { run: "get hosts fake-3", says: "Cordoned" },
    { run: "uncordon fake-3", says: "uncordoned" },
    { run: "get hosts fake-3", saysNot: "Cordoned" },
    { run: "label node fake-3 a=b", code: 1, says: 'change host "fake-3"' },
    { run: "top pods", says: /NAME +CPU\(cores\) +MEMORY\(bytes\) *\nweb +\d+m +64Mi/ },
    { run: "top nodes", says: /fake-1 +\d+m/ },
    { run: "delete pod web", code: 1, says: "MethodNotAllowed" },
    { run: "auth can-i create pods --subresource=attach", says: "yes" },
    { run: "get all -o name", says: "virtualmachine.ostler.dev/web", saysNot: "pod/web" },
    {
      run: "wait pod/web --for=delete --timeout=60s",
      meanwhile: "delete vm web --wait=false",
      says: "condition met",
    },
    { run: "get pods", says: "No resources found" },
  ],
};
