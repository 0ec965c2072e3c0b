import t from "tap";
import { HostKind } from "../schema/host.ts";
import type { Kind } from "../schema/kind.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { VolumeKind } from "../schema/volume.ts";
import { hostsInUse, isHost } from "./hosts-in-use.ts";
import type { StoredObject } from "./stored-object.ts";

function item(kind: Kind, name: string, hostName?: string, isGoing = false): StoredObject {
  const metadata = { name, ...(isGoing && { deletionTimestamp: "2026-01-01T00:00:00Z" }) };
  const status = hostName === undefined ? {} : { status: { hostName } };
  return { kind, object: Object.assign({ apiVersion: "ostler.dev/v1", kind: kind.kind, metadata }, status) };
}

const [h1, h2] = [item(HostKind, "h1"), item(HostKind, "h2")];
const web = item(VirtualMachineKind, "web", "h1");
const data = item(VolumeKind, "data", "h2");

t.test("where no Host is missing nothing is looked for", async (t) => {
  const { left, needed } = hostsInUse([web], [h1, web]);
  t.equal(left, undefined);
  t.equal(needed.size, 0);
});

t.test("a Host with nothing on it can go", async (t) => {
  const { left, needed } = hostsInUse([h1], [h1, data, item(VirtualMachineKind, "new")]);
  t.equal(left, undefined);
  t.equal(needed.size, 0);
});

t.test("what stays on a Host would be left there", async (t) => {
  t.match(hostsInUse([h1], [h1, web]), { left: { hostName: "h1", item: web }, needed: new Set() });
  t.match(hostsInUse([h1, h2], [data]), { left: { hostName: "h2", item: data }, needed: new Set() });
});

t.test("a Host is needed until what goes has gone", async (t) => {
  t.strictSame(hostsInUse([h1, web], [h1, web]), { left: undefined, needed: new Set(["h1"]) });
  const ending = item(VirtualMachineKind, "old", "h1", true);
  t.strictSame(hostsInUse([h1], [h1, ending]), { left: undefined, needed: new Set(["h1"]) });
  t.match(hostsInUse([h1], [ending, web]), { left: { item: web }, needed: new Set() });
});

t.test("what is on a Host goes on under the name of the one that is its duplicate", async (t) => {
  const named = item(HostKind, "rack-1");
  const heir: StoredObject = {
    ...named,
    object: Object.assign({}, named.object, { status: { duplicateOf: "h1" } }),
  };
  const { left, needed } = hostsInUse([h1], [h1, heir, web]);
  t.equal(left, undefined);
  t.equal(needed.size, 0);
  t.match(hostsInUse([h1, heir], [h1, heir, web]), { left: { hostName: "h1" } }, "which goes as well");
  t.match(hostsInUse([h2], [h2, heir, data]), { left: { hostName: "h2" } }, "of another one");
});

t.test("a Host is told from what is on one", async (t) => {
  t.ok(isHost(h1));
  t.notOk(isHost(web));
});
