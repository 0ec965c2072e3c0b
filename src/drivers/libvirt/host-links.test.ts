import t from "tap";
import { systemClock } from "../../runtime/clock.ts";
import { fails } from "../../testing/fails.ts";
import { withLibvirt } from "../../testing/libvirt-fixture.ts";
import { HostLinks } from "./host-links.ts";
import { connectCalls } from "./rpc/procedures-connect.ts";
import { openLink } from "./transport/link.ts";
import { parseLibvirtUri } from "./transport/uri.ts";

t.test("calls go over both links, streams over a third, and all end together", async (t) => {
  await withLibvirt(t, "test", async ({ openLinks, signal }) => {
    const links = await openLinks();
    for (const lane of ["control", "work"] as const) {
      const { hostname } = await links.call(connectCalls.getHostname, {}, { signal }, lane);
      t.not(hostname, "");
    }
    const third = await links.openThird(signal);
    t.ok((await third.call(connectCalls.getHostname, {}, { signal })).hostname);
    await third.close();
    t.equal(links.ended.aborted, false, "a third one may end alone");
    await links.control.close();
    t.type(await links.closed, Error);
    t.equal(links.ended.aborted, true);
    await fails(t, links.call(connectCalls.getHostname, {}, { signal }, "work"), "HostUnreachable");
    await fails(t, links.openThird(signal), "HostUnreachable");
  });
});

t.test("a daemon that accepts but does not answer is given up with the signal", async (t) => {
  await withLibvirt(t, "test", async ({ host }) => {
    await host.kill("SIGSTOP");
    const target = parseLibvirtUri(`test+unix:///default?socket=${host.socketPath}`);
    const link = await openLink(target, { home: "/root", username: "root" });
    const stop = new AbortController();
    const timer = systemClock.after(100, () => stop.abort(new Error("enough")));
    const opening = HostLinks.open({ link, driverUri: target.driverUri, clock: systemClock }, stop.signal);
    await fails(t, opening, /OutcomeUnknown|HostUnreachable/);
    timer.cancel();
    await host.kill("SIGCONT");
  });
});
