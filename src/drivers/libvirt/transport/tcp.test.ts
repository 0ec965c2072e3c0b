import { execFileSync } from "node:child_process";
import t from "tap";
import { systemClock } from "../../../runtime/clock.ts";
import { libvirtAvailable, startLibvirtHost } from "../../../testing/libvirt-host.ts";
import { burst, domainNames, withUri } from "../../../testing/libvirt-uris.ts";
import { LibvirtClient } from "../rpc/libvirt-client.ts";
import { connectCalls } from "../rpc/procedures-connect.ts";
import { connectTcp } from "./tcp.ts";

const { available, reason } = libvirtAvailable();
const options = { skip: available ? false : reason };

t.test("plain TCP leads to the daemon", options, async (t) => {
  await using host = await startLibvirtHost({ listenTcp: 16509 });
  t.strictSame(await domainNames(`test+tcp://${host.address}/default`), ["test"]);
  t.equal(await withUri(`test+tcp://${host.address}/default`, burst), 500);
});

t.test("a cable that is cut is noticed by the silence", options, async (t) => {
  await using host = await startLibvirtHost({ listenTcp: 16509 });
  const client = await LibvirtClient.open(await connectTcp(host.address, 16509), {
    driverUri: "test:///default",
    clock: systemClock,
    keepalive: { intervalMs: 500, count: 4 },
  });
  await systemClock.sleep(2500); // kept open by pings, which the daemon answers
  t.ok(await client.call(connectCalls.getLibVersion, {}));
  execFileSync("ip", ["link", "set", host.cable, "down"]);
  const call = client.call(connectCalls.getLibVersion, {});
  await t.rejects(call, { reason: "OutcomeUnknown", message: /no answer from the daemon for 2 s/ });
});

t.test("a port where nobody listens is named", async (t) => {
  await t.rejects(connectTcp("127.0.0.1", 1), {
    reason: "HostUnreachable",
    message: /tcp:127.0.0.1:1: .*ECONNREFUSED/,
  });
});
