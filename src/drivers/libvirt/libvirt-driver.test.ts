import t from "tap";
import { driverContract } from "../../testing/driver-contract.ts";
import { libvirtAvailable } from "../../testing/libvirt-host.ts";
import { libvirtUnderTest } from "../../testing/libvirt-under-test.ts";

const { available, reason } = libvirtAvailable();

if (available) {
  await driverContract(t, "libvirt's test driver", {
    supports: { uploads: false, growth: false, obedientGuests: true, processes: false },
    factory: () => libvirtUnderTest("test"),
  });
  await driverContract(t, "QEMU behind libvirt", {
    supports: { uploads: true, growth: true, obedientGuests: false, processes: true },
    factory: () => libvirtUnderTest("qemu"),
  });
} else {
  t.pass(`no libvirt here: ${reason}`, { skip: reason });
}
