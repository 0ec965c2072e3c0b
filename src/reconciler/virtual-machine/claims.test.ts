import t from "tap";
import type { Volume } from "../../schema/volume.ts";
import type { Store } from "../../store/store.ts";
import { claim, holderOn, on, record, volume, volumeUid } from "../../testing/volume-plan-fixture.ts";
import { confirmClaims } from "./claims.ts";

const conditions = [
  {
    type: "Ready",
    status: "True" as const,
    reason: "",
    message: "",
    lastTransitionTime: "2026-01-01T00:00:00Z",
  },
];
const usable = on("h1", { attachedTo: claim, conditions });
const intent = { attachedVolumes: [record] };

/** A store with one volume in it, or none. */
function storeWith(found: Volume | undefined): Pick<Store, "get"> {
  const get: unknown = async () => found;
  return { get: get as Store["get"] };
}

t.test("what the store says now is what counts", async (t) => {
  const vm = holderOn("h1");
  await confirmClaims(storeWith(volume(usable)), vm, intent);
  await confirmClaims(storeWith(undefined), vm, {});
  const releasing = { ...usable, attachedTo: { ...claim, releasing: true } };
  for (const found of [
    undefined,
    volume(on("h1", { conditions })),
    volume(releasing),
    volume({ ...usable, attachedTo: { ...claim, uid: "another" } }),
    volume({ ...usable, hostName: "h2" }),
    volume(usable, { uid: "another" }),
  ]) {
    await t.rejects(confirmClaims(storeWith(found), vm, intent), { message: /volume "data"/ });
  }
});

t.test("what is written down already is not asked about again", async (t) => {
  await confirmClaims(storeWith(undefined), holderOn("h1", intent), intent);
  t.equal(record.uid, volumeUid);
});
