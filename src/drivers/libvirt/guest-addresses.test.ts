import t from "tap";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { DomainNetwork, DomainState, ObservedDomain } from "../driver.ts";
import { AddressReader } from "./guest-addresses.ts";
import { errorCode, LibvirtError } from "./rpc/errors.ts";

const arp = 2;

function machine(
  uid: string,
  networks: readonly DomainNetwork[],
  state: DomainState = "running",
): ObservedDomain {
  const size = { cpus: 1, memoryBytes: 2 ** 26 };
  const mark = { clusterId: "", namespace: "default", name: uid, uid, epoch: 1 };
  const definition = { mark, domainName: uid, accelerator: "qemu", ...size, disks: [], networks } as const;
  return { uid, domainName: uid, state, reason: "booted", mark, definition, ...size };
}

function wire(type: "network" | "bridge", name: string, macAddress: string): DomainNetwork {
  return { name: `to-${name}`, source: { type, name }, macAddress, model: "virtio" };
}

const lease = (mac: string | undefined, address: string, expiryTime = 1) => ({ mac, address, expiryTime });
const neighbour = (hardwareAddress: string, ...addresses: string[]) => ({
  hardwareAddress,
  addresses: addresses.map((address) => ({ address })),
});

interface Args {
  readonly source?: number;
}

type Answers = Readonly<Record<string, (args: Args) => unknown>>;

function refused(code: number): never {
  const nothing = { domain: 0, level: 2, message: "refused", domainRef: undefined, network: undefined };
  const more = { str1: undefined, str2: undefined, str3: undefined, int1: 0, int2: 0 };
  throw new LibvirtError("P", { code, ...nothing, ...more });
}

/** A host that answers so, and what it was asked. */
function reader(answers: Answers) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const call = async ({ name }: { name: string }, args: Args) => {
    asked.push(name);
    return answers[name]?.(args);
  };
  // Answers are as loose as the wire; the real ones are tested with a real libvirt.
  const links = { call, clock } as unknown as ConstructorParameters<typeof AddressReader>[0];
  return { clock, asked, reader: new AddressReader(links) };
}

const networks = { networks: [{ name: "default", uuid: "1" }], count: 1 };

t.test("one question for each network tells of all guests on it", async (t) => {
  const { reader: addresses, asked } = reader({
    CONNECT_LIST_ALL_NETWORKS: () => networks,
    NETWORK_GET_DHCP_LEASES: () => ({
      leases: [
        lease("52:54:00:00:00:01", "192.168.122.5", 10),
        lease("52:54:00:00:00:01", "fd00::5", 40),
        lease("52:54:00:00:00:01", "192.168.122.9", 30),
        lease("52:54:00:00:00:02", "192.168.122.6"),
        lease("52:54:00:00:00:02", "fe80::1"),
        lease(undefined, "192.168.122.7"),
      ],
    }),
  });
  const found = await addresses.read([
    machine("a", [wire("network", "default", "52:54:00:00:00:01")]),
    machine("b", [wire("network", "default", "52:54:00:00:00:02")]),
    machine("c", []),
  ]);
  t.strictSame(Object.fromEntries(found), {
    "52:54:00:00:00:01": ["192.168.122.9", "192.168.122.5", "fd00::5"],
    "52:54:00:00:00:02": ["192.168.122.6"],
  });
  t.strictSame(asked, ["CONNECT_LIST_ALL_NETWORKS", "NETWORK_GET_DHCP_LEASES"]);
});

t.test("on a bridge the host's neighbours are asked for, of running guests only", async (t) => {
  const from: (number | undefined)[] = [];
  const { reader: addresses } = reader({
    CONNECT_LIST_ALL_NETWORKS: () => ({ networks: [] }),
    DOMAIN_INTERFACE_ADDRESSES: ({ source }) => {
      from.push(source);
      return {
        interfaces: [neighbour("52:54:00:00:00:0A", "10.0.0.4"), { addresses: [{ address: "10.9.9.9" }] }],
      };
    },
  });
  const on = (uid: string, state: DomainState) =>
    machine(uid, [wire("bridge", "br0", "52:54:00:00:00:0a")], state);
  const found = await addresses.read([on("a", "running"), on("b", "shutoff")]);
  t.strictSame(Object.fromEntries(found), { "52:54:00:00:00:0a": ["10.0.0.4"] });
  t.strictSame(from, [arp]);
});

t.test("nothing is asked where no guest has an interface", async (t) => {
  const { reader: addresses, asked } = reader({});
  t.equal((await addresses.read([machine("a", [])])).size, 0);
  t.strictSame(asked, []);
});

const both = [wire("network", "default", "52:54:00:00:00:01"), wire("bridge", "b", "52:54:00:00:00:03")];

t.test("what is gone meanwhile has no addresses, and is asked about again", async (t) => {
  const { noDomain, noNetwork, operationInvalid } = errorCode;
  for (const code of [noDomain, noNetwork, operationInvalid]) {
    const { reader: addresses, asked } = reader({
      CONNECT_LIST_ALL_NETWORKS: () => networks,
      NETWORK_GET_DHCP_LEASES: () => refused(code),
      DOMAIN_INTERFACE_ADDRESSES: () => refused(code),
    });
    for (let look = 0; look < 2; look++) t.equal((await addresses.read([machine("a", both)])).size, 0);
    t.equal(asked.length, 6, "networks, leases and neighbours, twice");
  }
});

t.test("what a host could not tell it is asked again after a while", async (t) => {
  let isBack = false;
  const { reader: addresses, clock } = reader({
    CONNECT_LIST_ALL_NETWORKS: () => (isBack ? networks : refused(errorCode.internalError)),
    NETWORK_GET_DHCP_LEASES: () => ({ leases: [lease("52:54:00:00:00:01", "192.168.122.5")] }),
    DOMAIN_INTERFACE_ADDRESSES: () => refused(errorCode.noSupport),
  });
  t.equal((await addresses.read([machine("a", both)])).size, 0);
  isBack = true;
  t.equal((await addresses.read([machine("a", both)])).size, 0);
  await clock.advance(600_000);
  t.equal((await addresses.read([machine("a", both)])).size, 1);
});

t.test("what a host cannot tell it is asked once, and what it can it tells", async (t) => {
  const { reader: addresses, asked } = reader({
    CONNECT_LIST_ALL_NETWORKS: () => networks,
    NETWORK_GET_DHCP_LEASES: () => refused(errorCode.noSupport),
    DOMAIN_INTERFACE_ADDRESSES: ({ source }) =>
      source === arp
        ? refused(errorCode.internalError)
        : { interfaces: [neighbour("52:54:00:00:00:01", "10.0.0.5")] },
  });
  for (let look = 0; look < 2; look++) {
    const found = await addresses.read([machine("a", both), machine("b", both.slice(1))]);
    t.strictSame(Object.fromEntries(found), { "52:54:00:00:00:01": ["10.0.0.5"] });
  }
  const count = (name: string) => asked.filter((other) => other === name).length;
  t.equal(count("NETWORK_GET_DHCP_LEASES"), 1);
  t.equal(count("DOMAIN_INTERFACE_ADDRESSES"), 3, "leases in both looks, neighbours in the first");
});

t.test("a guest on the bridge of a network is known by its lease", async (t) => {
  const { reader: addresses, asked } = reader({
    CONNECT_LIST_ALL_NETWORKS: () => networks,
    NETWORK_GET_DHCP_LEASES: () => ({ leases: [lease("52:54:00:00:00:03", "192.168.122.8")] }),
  });
  const found = await addresses.read([machine("a", both.slice(1))]);
  t.strictSame(Object.fromEntries(found), { "52:54:00:00:00:03": ["192.168.122.8"] });
  t.notOk(asked.includes("DOMAIN_INTERFACE_ADDRESSES"), "nobody else is asked");
});

t.test("a link that ends while it is asked leaves what was known", async (t) => {
  let isLost = false;
  const { reader: addresses } = reader({
    CONNECT_LIST_ALL_NETWORKS: () => networks,
    NETWORK_GET_DHCP_LEASES: () => {
      if (isLost) throw new Error("the link is lost");
      return { leases: [lease("52:54:00:00:00:01", "192.168.122.5")] };
    },
  });
  const before = await addresses.read([machine("a", both.slice(0, 1))]);
  isLost = true;
  t.same(await addresses.read([machine("a", both.slice(0, 1))]), before);
});

t.test(
  "a host that keeps us waiting holds up a look for a moment, and is asked no second time meanwhile",
  async (t) => {
    const answer = Promise.withResolvers<unknown>();
    const wired = [machine("a", [wire("network", "default", "52:54:00:00:00:01")])];
    const {
      reader: addresses,
      asked,
      clock,
    } = reader({
      CONNECT_LIST_ALL_NETWORKS: () => networks,
      NETWORK_GET_DHCP_LEASES: () => answer.promise,
    });
    for (let look = 0; look < 3; look++) {
      const found = addresses.read(wired);
      await clock.advance(250);
      t.equal((await found).size, 0);
    }
    t.equal(asked.length, 2);
    answer.resolve({ leases: [lease("52:54:00:00:00:01", "192.168.122.5")] });
    await answer.promise;
    t.strictSame((await addresses.read(wired)).get("52:54:00:00:00:01"), ["192.168.122.5"]);
  },
);
