import t from "tap";
import type { Accelerator, HostStatus } from "../../schema/host.ts";
import { hostObject, sessionFixture } from "../../testing/session-fixture.ts";
import { chooseAccelerator } from "./accelerator.ts";

const { facts } = (await sessionFixture()).host;
const same: HostStatus = {
  hostUuid: facts.hostUuid,
  hypervisor: facts.hypervisor,
  accelerator: "qemu",
  observedAccelerator: "auto",
};

interface Case {
  readonly spec?: string;
  readonly status?: HostStatus;
  readonly offers?: readonly Accelerator[];
  readonly probed?: boolean;
}

const cases: readonly (readonly [string, Case, string])[] = [
  ["auto on a new host", {}, "probe kvm"],
  ["auto where no kvm is offered", { offers: ["qemu"] }, "known qemu"],
  ["auto after a probe that ran", { probed: true }, "known kvm"],
  ["auto after a probe that did not", { probed: false }, "known qemu"],
  ["auto with an earlier answer", { status: same }, "known qemu"],
  ["a new answer counts more than an earlier one", { status: same, probed: true }, "known kvm"],
  [
    "auto after an upgrade",
    { status: { ...same, hypervisor: { ...facts.hypervisor, version: "2" } } },
    "probe kvm",
  ],
  ["auto on another machine", { status: { ...same, hostUuid: "other" } }, "probe kvm"],
  ["auto after another setting", { status: { ...same, observedAccelerator: "qemu" } }, "probe kvm"],
  ["a setting", { spec: "qemu" }, "known qemu"],
  ["a setting that is not offered is the person's to know", { spec: "kvm", offers: ["qemu"] }, "known kvm"],
  ["libvirt's test driver", { offers: ["test"], spec: "kvm" }, "known test"],
];

const both: readonly Accelerator[] = ["kvm", "qemu"];

for (const [name, { spec = "auto", status, offers = both, probed }, expected] of cases) {
  t.test(`${name}: ${expected}`, async (t) => {
    const host = { ...hostObject("h1", { accelerator: spec }), ...(status && { status }) };
    const choice = chooseAccelerator(host, { ...facts, accelerators: offers }, probed);
    t.equal(`${choice.type} ${choice.accelerator}`, expected);
  });
}
