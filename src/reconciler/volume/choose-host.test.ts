import t from "tap";
import { room } from "../../testing/volume-plan-fixture.ts";
import { chooseHost } from "./choose-host.ts";

t.test(
  "the host with the most free disk gets it, the preferred one first, the first by name among equals",
  async (t) => {
    const hosts = [room("c", 5), room("b", 9), room("a", 9), room("d", 99, "not ready")];
    t.same(chooseHost(hosts, 5), { type: "chosen", hostName: "a" });
    t.same(chooseHost(hosts, 5, "c"), { type: "chosen", hostName: "c" });
    t.same(chooseHost(hosts, 6, "c"), { type: "chosen", hostName: "a" }, "the preferred one is too small");
    t.same(chooseHost(hosts, 6, "d"), { type: "chosen", hostName: "a" }, "the preferred one is away");
  },
);

t.test("where none can take it, it says why", async (t) => {
  t.same(chooseHost([], 1), { type: "none", message: "there are no hosts: add a Host" });
  const closed = [room("b", 9, "cordoned"), room("c", 9, "not ready"), room("d", 9, "being deleted")];
  t.same(chooseHost([room("a", 5), ...closed], 6), {
    type: "none",
    message: "0 of 4 hosts can take it: 1 not ready, 1 cordoned, 1 being deleted, 1 with too little disk",
  });
});
