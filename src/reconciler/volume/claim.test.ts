import t from "tap";
import { machine } from "../../testing/machine-fixture.ts";
import {
  away,
  claim,
  deleted,
  holderOn,
  on,
  record,
  volume,
  volumePlanInput,
} from "../../testing/volume-plan-fixture.ts";
import { planClaim } from "./claim.ts";

const input = (given = volume(on("h1")), more = {}) => volumePlanInput(given, [away("h1")], more);
const held = volume(on("h1", { attachedTo: claim }));
const letGo = machine({}, {}, { namespace: "default" });

t.test(
  "the oldest machine that names a free volume gets it; nobody gets one that is being deleted",
  async (t) => {
    const young = machine(
      { disks: [{ name: "late", volume: "data" }] },
      {},
      { namespace: "default", name: "a", uid: "2", creationTimestamp: "2026-01-02T00:00:00Z" },
    );
    const wanting = [young, holderOn()];
    t.same(planClaim(input(volume(on("h1")), { wanting })), on("h1", { attachedTo: claim }));
    t.equal(planClaim(input(volume(on("h1"), deleted), { wanting })), undefined);
    t.equal(planClaim(input()), undefined);
  },
);

t.test("a machine of another namespace names another volume", async (t) => {
  const stranger = machine({ disks: [{ name: "data", volume: "data" }] }, {}, { namespace: "other" });
  t.equal(planClaim(input(volume(on("h1")), { wanting: [stranger] })), undefined);
});

t.test("who has the claim keeps it while it names the volume or has it", async (t) => {
  const wanting = [
    machine({ disks: [{ name: "x", volume: "data" }] }, {}, { namespace: "default", name: "a" }),
  ];
  t.equal(planClaim(input(held, { holder: holderOn(), wanting })), undefined);
  const stillHas = { ...letGo, status: { attachedVolumes: [record] } };
  t.equal(planClaim(input(held, { holder: stillHas, wanting })), undefined);
});

t.test("a claim is given up in two steps, and not if the machine comes back between them", async (t) => {
  const releasing = on("h1", { attachedTo: { ...claim, releasing: true } });
  t.same(planClaim(input(held, { holder: letGo })), releasing);
  t.same(planClaim(input(volume(releasing), { holder: letGo })), on("h1"));
  t.same(planClaim(input(volume(releasing), { holder: holderOn() })), on("h1", { attachedTo: claim }));
  const stillHas = { ...letGo, status: { attachedVolumes: [record] } };
  t.same(planClaim(input(volume(releasing), { holder: stillHas })), on("h1", { attachedTo: claim }));
});

t.test("a machine that is gone has nothing any more", async (t) => {
  t.same(planClaim(input(held)), on("h1"));
});

t.test("a disk under another name is written down", async (t) => {
  const renamed = machine({ disks: [{ name: "more", volume: "data" }] }, {}, { namespace: "default" });
  t.same(planClaim(input(held, { holder: renamed })), on("h1", { attachedTo: { ...claim, disk: "more" } }));
});
