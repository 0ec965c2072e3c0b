import t from "tap";
import { guestAddresses } from "./guest-addresses.ts";

t.test("a guest's addresses are those of all its interfaces, in their order", async (t) => {
  const interfaces = [
    { name: "back", mac: "52:54:00:00:00:01" },
    { name: "front", mac: "52:54:00:00:00:02", ipAddress: "10.0.0.2", ipAddresses: ["10.0.0.2", "fd00::2"] },
    { name: "third", mac: "52:54:00:00:00:03", ipAddress: "10.1.0.2", ipAddresses: ["10.1.0.2"] },
  ];
  t.strictSame(guestAddresses({ interfaces }), ["10.0.0.2", "fd00::2", "10.1.0.2"]);
  t.strictSame(guestAddresses({}), []);
  t.strictSame(guestAddresses(undefined), []);
});
