import t from "tap";
import { admit } from "../../schema/admission.ts";
import { VirtualMachineKind } from "../../schema/virtual-machine.ts";
import { pool, poolUid } from "../../testing/pool-fixture.ts";
import { SeededRandom } from "../../testing/seeded-random.ts";
import { memberName, newMember, templateHash } from "./new-member.ts";

t.test("a member is what the template says, and the pool's", async (t) => {
  const template = {
    metadata: { labels: { app: "web" }, annotations: { "example.org/note": "x" } },
    spec: { instanceType: "small" },
  };
  const made = newMember(pool({ template }), "web-abcde");
  const { metadata, spec } = admit(VirtualMachineKind, made);
  t.match(metadata, {
    name: "web-abcde",
    namespace: "default",
    labels: { app: "web" },
    annotations: { "example.org/note": "x" },
    ownerReferences: [{ uid: poolUid, controller: true, blockOwnerDeletion: true }],
  });
  t.match(spec, { instanceType: "small", runStrategy: "Always" });
});

t.test("a name is the pool's and five characters, however long the pool's is", async (t) => {
  const random = new SeededRandom(1);
  const next = () => random.next();
  t.match(memberName(pool(), next), /^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  const long = memberName(pool({}, { name: `${"a".repeat(56)}.bcdef` }), next);
  t.match(long, /^a{56}-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  const names = Array.from({ length: 100 }, () => memberName(pool(), next));
  t.equal(new Set(names).size, 100);
});

t.test("the hash tells forms of the template apart, not the order of their fields", async (t) => {
  const labels = { app: "web", tier: "front" };
  const hash = (labels: Record<string, string>, cpus = 1) =>
    templateHash(pool({ template: { metadata: { labels }, spec: { cpus, memory: "1Gi" } } }));
  t.equal(hash(labels), hash({ tier: "front", app: "web" }));
  t.not(hash(labels), hash(labels, 2));
  t.not(hash(labels), hash({ app: "web" }));
});
