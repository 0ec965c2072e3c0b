import t from "tap";
import { away, empty, file, known, moving, on } from "../../testing/volume-plan-fixture.ts";
import type { Place } from "./plan-input.ts";
import { hasOnlyCopy, leftoverSpot, spotNamed } from "./spots.ts";

const cleaning = moving("h1", "h2", "Cleaning");
const moved = on("h2", { move: cleaning });
const at = (hostName: string, hostUuid = `uuid-${hostName}`) => ({ hostName, hostUuid });

/** What has the volume answers under another name than its own. */
function as(hostName: string, [, place]: readonly [string, Place]): readonly [string, Place] {
  return [hostName, place];
}

t.test("a machine is only found under its name, another one there is told of", async (t) => {
  t.same(spotNamed(new Map([known("h1")]), at("h1")), { spot: at("h1") });
  const unknown = { reason: "HostUnreachable", message: /cannot be asked/ };
  t.match(spotNamed(new Map([away("h1")]), at("h1")), { blockedBy: unknown });
  t.match(spotNamed(new Map(), at("h1")), { blockedBy: unknown });
  const told = { message: /what answers as host "h1" has UUID uuid-h2, not uuid-h1/ };
  t.match(spotNamed(new Map([as("h1", known("h2"))]), at("h1")), { blockedBy: told });
});

t.test("what a move has left is found under whatever name its machine has now", async (t) => {
  const find = (...places: readonly (readonly [string, Place])[]) =>
    leftoverSpot(new Map(places), moved, cleaning, file);
  t.same(find(known("h1"), known("h2")), { spot: at("h1") });
  t.same(find(as("h2", known("h1")), as("h1", known("h2"))), { spot: at("h2", "uuid-h1") });
  t.match(find(as("h1", known("h2"))), { blockedBy: { reason: "HostUnreachable" } });
});

t.test("a machine with a new UUID is believed while the data is seen elsewhere", async (t) => {
  const renewed = as("h1", known("h3"));
  const find = (other: readonly [string, Place]) =>
    leftoverSpot(new Map([renewed, other]), moved, cleaning, file);
  t.same(find(known("h2")), { spot: at("h1", "uuid-h3") });
  for (const other of [empty("h2"), away("h2")]) {
    t.match(find(other), { blockedBy: { reason: "HostUnreachable" } });
  }
});

t.test("only what a move has left is a copy", async (t) => {
  t.ok(hasOnlyCopy(moved, { hostUuid: "uuid-h1" }));
  t.notOk(hasOnlyCopy(moved, { hostUuid: "uuid-h2" }));
  t.notOk(hasOnlyCopy(moved, { hostUuid: "uuid-h3" }));
  t.notOk(hasOnlyCopy(on("h2"), { hostUuid: "uuid-h1" }));
  t.ok(hasOnlyCopy(on("h1", { move: moving("h1", "h2", "Copying") }), { hostUuid: "uuid-h2" }));
});
