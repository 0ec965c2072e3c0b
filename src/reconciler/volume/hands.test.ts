import t from "tap";
import { Cluster } from "../../testing/cluster.ts";
import { HostSessions } from "../host/host-sessions.ts";
import { VolumeHands } from "./hands.ts";

t.test(
  "of a host that is not known, or not connected, nothing is known and nothing is done there",
  async (t) => {
    await using cluster = await Cluster.start();
    const host = await cluster.host("h1");
    const sessions = new HostSessions(() => {
      throw new Error("none is opened");
    });
    const hands = new VolumeHands({
      sessions,
      hostNamed: (name) => (name === "h1" ? host : undefined),
      mayAct: () => true,
    });
    t.match(hands.place("h1"), { type: "unknown", message: /cannot be asked/, isRemoved: undefined });
    t.match(hands.place("h2"), { type: "unknown", message: /add it again/, isRemoved: true });
    const { signal } = new AbortController();
    const at = { hostName: "h1", hostUuid: "uuid-h1" };
    const action = { type: "DeleteVolume", at, volume: "volume-1.qcow2", because: "" } as const;
    await t.rejects(hands.perform(action, signal), { message: /cannot be asked/ });
    await t.rejects(hands.isAbsent(at, "volume-1.qcow2", signal), { message: /cannot be asked/ });
  },
);
