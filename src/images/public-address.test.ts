import { BlockList } from "node:net";
import fc from "fast-check";
import t from "tap";
import { isPublicAddress } from "./public-address.ts";

t.test("public addresses are public", async (t) => {
  const addresses = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2A00:1450:4001:82F::200E",
    "2001:4860:4860::8888",
    "2001:200::1",
    "2001:db7:ffff::1",
    "3ffe::1",
    "2400:1:2:3:4:5:6:7",
  ];
  for (const address of addresses) t.equal(isPublicAddress(address), true, address);
});

t.test("addresses of this machine, this network or nobody are not public", async (t) => {
  const addresses = [
    ["0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255"],
    ["127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255"],
    ["192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.9"],
    ["203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
    [
      "::",
      "::1",
      "::2",
      "fe80::1",
      "fe80::1%eth0",
      "febf::1",
      "fec0::1",
      "fc00::1",
      "fd00:ec2::254",
      "ff02::1",
    ],
    [
      "::ffff:127.0.0.1",
      "::ffff:8.8.8.8",
      "::ffff:7f00:1",
      "0:0:0:0:0:ffff:a00:1",
      "::127.0.0.1",
      "::8.8.8.8",
    ],
    [
      "2002:7f00:1::",
      "2002:c0a8:1::1",
      "2001::1",
      "2001:0:53aa:64c:0:fbad:3f57:fefe",
      "2001:2::1",
      "2001:10::1",
    ],
    [
      "64:ff9b::7f00:1",
      "64:ff9b::8.8.8.8",
      "64:ff9b:1::1",
      "100::1",
      "2001:db8::1",
      "3fff::1",
      "5f00::1",
      "4000::1",
    ],
  ].flat();
  for (const address of addresses) t.equal(isPublicAddress(address), false, address);
});

t.test("an odd spelling is never public", async (t) => {
  const spellings = [
    ["", " ", ".", ":", "localhost", "example.com", "8.8.8", "8.8", "8", "134744072", "0x8.0x8.0x8.0x8"],
    [
      "010.8.8.8",
      "8.8.8.08",
      "8.8.8.8.8",
      "8.8.8.256",
      "8.8.8.-1",
      "8.8.8.8 ",
      " 8.8.8.8",
      "8.8.8.8\0",
      "8。8。8。8",
    ],
    ["٨.8.8.8", "8.8.8.8/32", "8.8.8.8:80", "+8.8.8.8", "8..8.8", "8.8.8.", "1e0.8.8.8", "0x08080808"],
    [
      "2606:4700",
      "2606:::1",
      ":::",
      "2606::1::2",
      "[2606::1]",
      "2606::g",
      "2606::11111",
      "2606:4700::1.1.1.1",
    ],
    [
      "2606::1%1",
      "2606::1%25eth0",
      "2606::1/64",
      "1:2:3:4:5:6:7",
      "2606:2:3:4:5:6:7:8:9",
      "2606:2:3:4:5:6:7::8",
    ],
    [":2606::1", "2606::1:", "2606::0x1", "2606::-1", "2606:: 1"],
  ].flat();
  for (const spelling of spellings) t.equal(isPublicAddress(spelling), false, JSON.stringify(spelling));
});

t.test("Node's own block list agrees on every sampled IPv4 address", async () => {
  const reserved = new BlockList();
  for (const [base, length] of [
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["224.0.0.0", 3],
  ] as const) {
    reserved.addSubnet(base, length);
  }
  fc.assert(
    fc.property(fc.ipV4(), (address) => !(reserved.check(address) && isPublicAddress(address))),
    { numRuns: 2000, seed: 7 },
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => typeof isPublicAddress(address) === "boolean"),
    { numRuns: 1000, seed: 7 },
  );
});
