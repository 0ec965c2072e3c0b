import t from "tap";
import { startCli } from "../testing/cli-fixture.ts";
import { describeObject } from "./describe.ts";

const now = Date.UTC(2026, 10, 20, 9, 30);

t.test("a description has what it is, what is wanted, what is so, and what happened", async (t) => {
  const machine = {
    apiVersion: "ostler.dev/v1",
    kind: "VirtualMachine",
    metadata: {
      name: "web",
      namespace: "default",
      deletionTimestamp: "2026-11-20T09:00:00Z",
      finalizers: ["ostler.dev/virtual-machine"],
    },
    spec: { cpus: 1 },
    status: {
      hostName: "h1",
      conditions: [
        {
          type: "Ready",
          status: "False",
          reason: "Stopped",
          message: "off\u001b[2J",
          lastTransitionTime: "2026-11-20T09:27:55Z",
        },
      ],
    },
  };
  const event = {
    apiVersion: "v1" as const,
    kind: "Event" as const,
    metadata: { name: "e1" },
    involvedObject: {},
    reason: "Started",
    message: "started",
    count: 3,
    lastTimestamp: "2026-11-20T09:29:00Z",
  };
  t.equal(
    describeObject(machine, [event], now),
    `Name:        web
Namespace:   default
Kind:        VirtualMachine (ostler.dev/v1)
Deletion:    requested at 2026-11-20T09:00:00Z
Waits for:   ostler.dev/virtual-machine
Spec:
  cpus: 1
Status:
  hostName: h1
Conditions:
  TYPE    STATUS   AGE    REASON    MESSAGE
  Ready   False    2m5s   Stopped   off?[2J
Events:
  AGE   TYPE     REASON    MESSAGE
  60s   Normal   Started   started (3 times)
`,
  );
});

t.test("describe shows the events of just this object", async (t) => {
  await using cli = await startCli();
  t.match(await cli.run(["describe", "ns", "default"]), {
    code: 0,
    stdout: /Name: +default[\s\S]*Events: none/,
  });
  t.match(await cli.run(["describe", "vm/nope"]), {
    code: 3,
    stderr: "virtualmachine/nope: not found in namespace default",
  });
});

t.test("a secret is described by how large it is, and nowhere by what it says", async (t) => {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "key",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "aHVudGVyMg==", a: "b" },
    },
    type: "Opaque",
    data: { password: "aHVudGVyMg==" },
  };
  const text = describeObject(secret, [], now);
  t.match(text, /Annotations:\n {2}a: b\n[\s\S]*data:\n {2}password: 7 bytes/);
  t.notMatch(text, "aHVudGVyMg");
});
