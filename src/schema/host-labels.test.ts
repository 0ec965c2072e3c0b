import t from "tap";
import { admit } from "./admission.ts";
import { HostKind } from "./host.ts";
import { hostLabels } from "./host-labels.ts";

const host = admit(HostKind, {
  apiVersion: "ostler.dev/v1",
  kind: "Host",
  metadata: { name: "h1", labels: { rack: "a", "ostler.dev/hostname": "h2", "ostler.dev/arch": "vax" } },
  spec: { uri: "qemu:///system" },
});

t.test("a host has its own labels and the well-known ones, which cannot be forged", async (t) => {
  t.strictSame(hostLabels(host), { rack: "a", "ostler.dev/hostname": "h1" });
  const seen = { ...host, status: { architecture: "x86_64" } };
  t.strictSame(hostLabels(seen), { rack: "a", "ostler.dev/hostname": "h1", "ostler.dev/arch": "x86_64" });
});
