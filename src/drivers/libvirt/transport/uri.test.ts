import fc from "fast-check";
import t from "tap";
import { StatusError } from "../../../runtime/errors.ts";
import { parseLibvirtUri, type TransportSettings } from "./uri.ts";

const ssh = {
  type: "ssh",
  port: 22,
  username: undefined,
  keyFile: undefined,
  knownHostsFile: undefined,
  socketPath: undefined,
} as const;

const valid: Record<string, readonly [driverUri: string, transport: TransportSettings]> = {
  "qemu:///system": ["qemu:///system", { type: "unix", socketPath: undefined }],
  "test:///default": ["test:///default", { type: "unix", socketPath: undefined }],
  "qemu+unix:///system?socket=/tmp/s%20ock": ["qemu:///system", { type: "unix", socketPath: "/tmp/s ock" }],
  "test+unix:///some/file.xml": ["test:///some/file.xml", { type: "unix", socketPath: undefined }],
  "test+tcp://10.0.0.1/default": ["test:///default", { type: "tcp", host: "10.0.0.1", port: 16509 }],
  "qemu+tcp://[fe80::1]:99/system": ["qemu:///system", { type: "tcp", host: "fe80::1", port: 99 }],
  "qemu+tls://host:1/system?pkipath=/pki&tls_hostname=other": [
    "qemu:///system",
    { type: "tls", host: "host", port: 1, pkiPath: "/pki", serverName: "other" },
  ],
  "qemu://host/system": [
    "qemu:///system",
    { type: "tls", host: "host", port: 16514, pkiPath: undefined, serverName: undefined },
  ],
  "qemu+ssh://host/system": ["qemu:///system", { ...ssh, host: "host" }],
  "qemu+ssh://a%40b@host:2222/system?keyfile=/k&known_hosts=/h&socket=/s&no_tty=1": [
    "qemu:///system",
    {
      ...ssh,
      host: "host",
      port: 2222,
      username: "a@b",
      keyFile: "/k",
      knownHostsFile: "/h",
      socketPath: "/s",
    },
  ],
  "test+ssh://host/?name=test:///default": ["test:///default", { ...ssh, host: "host" }],
};

t.test("URIs are read as libvirt reads them", async (t) => {
  for (const [uri, [driverUri, transport]] of Object.entries(valid)) {
    const target = parseLibvirtUri(uri);
    t.strictSame(target.transport, transport, uri);
    t.equal(target.driverUri, driverUri, uri);
  }
});

const invalid: Record<string, RegExp> = {
  "": /not a URI/,
  "/run/libvirt/libvirt-sock": /not a URI/,
  "qemu:///": /no path/,
  "qemu+ssh:///system": /no host name/,
  "qemu+unix://host/system": /no other host/,
  "qemu+libssh2://host/system": /transport libssh2/,
  "qemu+ssh://root:secret@host/system": /password/,
  "qemu+ssh://host/system?no_verify=1": /always verified/,
  "qemu+tls://host/system?no_verify=1": /always verified/,
  "qemu+ssh://host/system?known_hosts_verify=auto": /always verified/,
  "qemu+tcp://host/system?socket=/x": /parameter socket is not understood with tcp/,
  "qemu+ssh://host/system?command=/bin/evil": /parameter command/,
  "qemu+ssh://host/system?keyfile=": /is empty/,
  "qemu:///system#part": /fragment/,
  "qemu:///system?name=": /is empty/,
};

t.test("what is not understood is refused with the reason", async (t) => {
  for (const [uri, message] of Object.entries(invalid)) {
    t.throws(() => parseLibvirtUri(uri), { reason: "Invalid", message }, uri);
  }
});

t.test("any text is either read or refused", async () => {
  const near = fc
    .tuple(fc.constantFrom("qemu", "qemu+ssh", "test+tcp", ""), fc.string())
    .map(([a, b]) => `${a}://${b}`);
  fc.assert(
    fc.property(fc.oneof(fc.string(), near, fc.webUrl()), (text) => {
      try {
        parseLibvirtUri(text);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
