import t from "tap";
import type { Host } from "../../schema/host.ts";
import { hostObject, sessionFixture } from "../../testing/session-fixture.ts";
import { renamedHost } from "./renamed.ts";

t.test("a removed Host goes on as the one that leads to the same machine", async (t) => {
  const { sessions, host, clock, stop, ensure } = await sessionFixture();
  const hosts = new Map<string, Host>();
  const { hostUuid } = host.facts;
  const find = (hostName = "old", uuid: string | undefined = hostUuid) =>
    renamedHost(sessions.all, (name) => hosts.get(name), { hostName, hostUuid: uuid })?.hostName;
  const lead = async (name: string) => {
    const led = hostObject(name, { uri: "fake://h1" });
    hosts.set(name, led);
    await sessions.ensure(led);
    await clock.advance(0);
  };
  await ensure("h2");
  hosts.set("h2", hostObject("h2"));
  t.equal(find(), undefined, "nobody leads there");
  await lead("new");
  t.equal(find(), "new");
  t.equal(find("new"), undefined, "whose Host is there has not been renamed");
  t.equal(find("old", "another"), undefined);
  t.equal(
    renamedHost(sessions.all, (name) => hosts.get(name), { hostName: "old" }),
    undefined,
  );
  await lead("newer");
  t.equal(find(), undefined, "which one stands for it is not known yet");
  hosts.set("newer", { ...hostObject("newer"), status: { duplicateOf: "new" } });
  t.equal(find(), "new");
  hosts.delete("new");
  t.equal(find(), undefined, "that one is going");
  hosts.set("new", hostObject("new"));
  host.dropLinks("gone");
  await clock.advance(0);
  t.equal(find(), undefined, "it cannot be asked");
  await stop();
});
