import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { libvirtAvailable, startLibvirtHost } from "../../../testing/libvirt-host.ts";
import { domainNames } from "../../../testing/libvirt-uris.ts";
import { openLink } from "./link.ts";
import { parseLibvirtUri } from "./uri.ts";

const { available, reason } = libvirtAvailable();
const options = { skip: available ? false : reason };

t.test("a unix socket leads to the daemon", options, async (t) => {
  await using host = await startLibvirtHost();
  t.strictSame(await domainNames(`test+unix:///default?socket=${host.socketPath}`), ["test"]);
});

t.test("a URI without a socket means the usual ones, the modular daemon's first", async (t) => {
  const labels = await Promise.all(
    ["qemu:///system", "test:///default"].map(async (uri) => (await link(uri)).label),
  );
  t.strictSame(labels, [
    "unix:/run/libvirt/virtqemud-sock,/run/libvirt/libvirt-sock",
    "unix:/run/libvirt/libvirt-sock",
  ]);
});

t.test("files that the URI names must be there, and are named when not", async (t) => {
  const home = await mkdtemp(join(tmpdir(), "ostler-link-"));
  t.teardown(() => rm(home, { recursive: true }));
  await t.rejects(link(`qemu+tls://host/system?pkipath=${home}`), {
    reason: "Invalid",
    message: new RegExp(`cannot read ${home}/`),
  });
  await t.rejects(link(`qemu+ssh://host/system?keyfile=${home}/key`), {
    reason: "Invalid",
    message: new RegExp(`cannot read ${home}/key`),
  });
  await t.rejects(link("qemu+ssh://127.0.0.1:1/system", home), {
    reason: "Unauthorized",
    message: /nothing to log in with: there is neither an agent nor a key file/,
  });
});

function link(uri: string, home = "/nonexistent"): ReturnType<typeof openLink> {
  return openLink(parseLibvirtUri(uri), { home, username: "root" });
}
