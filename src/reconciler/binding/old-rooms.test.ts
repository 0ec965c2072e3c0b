import t from "tap";
import { Snapshot } from "../../scheduler/snapshot.ts";
import { hostState, request } from "../../testing/host-state.ts";
import { OldRooms } from "./old-rooms.ts";

t.test("a room is kept where a machine leaves, and ends once", async (t) => {
  const snapshot = new Snapshot();
  snapshot.setHost(hostState({}));
  const promised = () => snapshot.hosts.columns.promisedCpus[snapshot.hosts.rowOf("h1") ?? -1];
  const rooms = new OldRooms(snapshot);
  const machine = request(4, { name: "web" });
  rooms.keepIfLeft(machine.uid, "h2");
  t.equal(promised(), 0, "it had none");
  snapshot.assume(machine, "h1");
  rooms.keepIfLeft(machine.uid, "h1");
  t.equal(promised(), 4, "it stays where it is");
  rooms.keepIfLeft(machine.uid, "h2");
  snapshot.assume(machine, "h2");
  t.equal(promised(), 4);
  t.equal(rooms.end(machine.uid), true);
  t.equal(promised(), 0);
  t.equal(rooms.end(machine.uid), false);
});
