import t from "tap";
import type { DomainDefinition, DomainState, ObservedDomain } from "../../drivers/driver.ts";
import { noteInterfaces } from "./interfaces.ts";

const mac = "52:54:00:00:00:01";
const source = { type: "network", name: "default" } as const;
const network = { name: "front", source, macAddress: mac, model: "virtio" } as const;
const seen = new Map([[mac, ["10.0.0.5", "fd00::5"]]]);
const told = [{ name: "front", mac, ipAddress: "10.0.0.5", ipAddresses: ["10.0.0.5", "fd00::5"] }];

function domain(state: DomainState, networks: DomainDefinition["networks"] = [network]): ObservedDomain {
  const size = { cpus: 1, memoryBytes: 2 ** 26 };
  const mark = { clusterId: "", namespace: "default", name: "a", uid: "u", epoch: 1 };
  const definition = { mark, domainName: "a", accelerator: "qemu", ...size, disks: [], networks } as const;
  return { uid: "u", domainName: "a", state, reason: "booted", mark, definition, ...size };
}

t.test(
  "a machine that runs tells of its interfaces, and of their addresses when they are known",
  async (t) => {
    const first = noteInterfaces({}, domain("running"));
    t.strictSame(first, { interfaces: [{ name: "front", mac }] });
    const second = noteInterfaces(first, domain("running"), seen);
    t.strictSame(second, { interfaces: told });
    t.equal(noteInterfaces(second, domain("paused"), seen), second, "the same is not written again");
  },
);

t.test("what was known of a run stays until something else is seen", async (t) => {
  const status = { interfaces: told };
  t.equal(noteInterfaces(status, domain("running"), new Map()), status);
  const moved = noteInterfaces(status, domain("running"), new Map([[mac, ["10.0.0.7"]]]));
  t.strictSame(moved.interfaces, [{ name: "front", mac, ipAddress: "10.0.0.7", ipAddresses: ["10.0.0.7"] }]);
  const { definition: _unknown, ...transient } = domain("running");
  t.equal(noteInterfaces(status, transient, new Map()), status, "nor when its definition is gone");
});

t.test("a run that has ended has no addresses", async (t) => {
  const status = { started: true, interfaces: told };
  t.strictSame(noteInterfaces(status, domain("shutoff"), seen), { started: true });
  t.strictSame(noteInterfaces(status, undefined), { started: true });
  t.strictSame(noteInterfaces(status, domain("running", [])), { started: true });
  const without = { started: true };
  t.equal(noteInterfaces(without, undefined), without);
});

t.test("no more addresses are kept than there is room for", async (t) => {
  const many = Array.from({ length: 20 }, (_, index) => `fd00::${index}`);
  const { interfaces } = noteInterfaces({}, domain("running"), new Map([[mac, many]]));
  t.equal(interfaces?.[0]?.ipAddresses?.length, 16);
});
