import t from "tap";
import { Process } from "./process.ts";
import { SimDriver } from "./sim-driver.ts";
import { World } from "./world.ts";

t.test("a connection attempt during which the address moves to another host leads nowhere", async (t) => {
  const world = await World.start({ seed: 1, hosts: [{ name: "h1" }, { name: "h2" }] });
  const process = new Process({ name: "somebody", time: world.time });
  const driver = new SimDriver({ ...world.driverParts, process });
  const { signal } = new AbortController();
  const attempt = driver.connect({ uri: "fake://h1", clusterId: "c", signal });
  world.addresses.set("fake://h1", world.host("h2"));
  const refused = t.rejects(attempt, /not connected within 30 s/);
  await world.time.runFor(31_000);
  await refused;
  world.killAll();
});
