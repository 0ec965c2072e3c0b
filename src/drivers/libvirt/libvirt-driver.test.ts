import t from "tap";
import { driverContract } from "../../testing/driver-contract.ts";
import { libvirtAvailable } from "../../testing/libvirt-host.ts";
import { libvirtUnderTest } from "../../testing/libvirt-under-test.ts";

const { available, reason } = libvirtAvailable();

if (available) {
  await driverContract(t, "libvirt's test driver, by its socket", {
    supports: {
      uploads: false,
      growth: false,
      obedientGuests: true,
      processes: false,
      hotplug: false,
      releasingGuests: false,
      consoles: false,
      addresses: true,
    },
    factory: () => libvirtUnderTest("test", "unix"),
  });
  await driverContract(t, "QEMU behind libvirt, over SSH", {
    supports: {
      uploads: true,
      growth: true,
      obedientGuests: false,
      processes: true,
      hotplug: true,
      releasingGuests: false,
      consoles: true,
      addresses: false,
    },
    factory: () => libvirtUnderTest("qemu", "ssh"),
  });
} else {
  t.pass(`no libvirt here: ${reason}`, { skip: reason });
}
