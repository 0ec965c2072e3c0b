import t from "tap";
import { image, lookups, machine, resolved, start, uid } from "../../testing/machine-fixture.ts";
import type { Action } from "./actions.ts";
import { markOf } from "./desired.ts";
import { recordIntent, recordVolumes } from "./intent.ts";

const disks = [
  { name: "root", image: "debian" },
  { name: "data", size: "2Gi" },
];
const root = { disk: "root", volume: `vm-${uid}-root.qcow2`, capacityBytes: 2 ** 30 };
const data = { disk: "data", volume: `vm-${uid}-data.qcow2`, capacityBytes: 2 ** 31 };
const backing = (digit: string) => `image-${digit.repeat(40)}.qcow2`;
const known = (digit: string) => lookups(image("debian", digit), image("linux", "e"));

t.test("volumes are recorded with what they will stand on", async (t) => {
  const status = recordVolumes({}, resolved(machine({ disks }), known("a")));
  t.same(status, { volumes: [{ ...root, backing: backing("a") }, data] });
  t.equal(recordVolumes(status, resolved(machine({ disks }), known("a"))), status, "the same: no write");
});

t.test("what was not made yet follows its image; what was made stays", async (t) => {
  const before = { volumes: [{ ...root, backing: backing("a") }, data] };
  const next = recordVolumes(before, resolved(machine({ disks }, before), known("b")));
  t.equal(next.volumes?.[0]?.backing, backing("b"));
  const made = { volumes: [{ ...root, backing: backing("a"), made: true }, data] };
  t.equal(recordVolumes(made, resolved(machine({ disks }, made), known("b"))), made);
});

t.test("volumes of disks that are no longer in the spec stay recorded", async (t) => {
  const before = { volumes: [{ ...root, backing: backing("a"), made: true }] };
  t.equal(recordVolumes(before, resolved(machine({}, before))), before);
});

t.test("kernel and initrd are recorded, and forgotten when they are no longer booted", async (t) => {
  const boots = resolved(machine({ kernelBoot: { kernel: "linux" } }), known("a"));
  const status = recordVolumes({}, boots);
  t.same(status, { bootContents: [backing("e")] });
  t.same(recordVolumes(status, resolved(machine())), {});
});

const vm = machine({ runStrategy: "Once" });
const mark = markOf(vm, "cluster");
const startAction: Action = { type: "StartDomain", mark, because: "" };

t.test("Once: that it was started is recorded before it is", async (t) => {
  t.same(recordIntent(vm, {}, undefined, [startAction], start), { started: true });
  const status = { started: true };
  t.equal(recordIntent(vm, status, undefined, [startAction], start), status);
});

t.test("other strategies and other steps record nothing beforehand", async (t) => {
  const status = {};
  t.equal(recordIntent(machine(), status, resolved(machine()), [startAction], start), status);
  const resume: Action = { type: "ResumeDomain", mark, because: "" };
  t.equal(recordIntent(vm, status, resolved(vm), [resume], start), status);
});
