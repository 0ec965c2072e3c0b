import t from "tap";
import type { StatusReason } from "../../runtime/errors.ts";
import { silentLogger } from "../../runtime/logger.ts";
import { ImageKind } from "../../schema/image.ts";
import { rejectsWith } from "../../testing/rejects-with.ts";
import { startSeed } from "../../testing/seed-fixture.ts";
import { SeedIds } from "./ids.ts";
import { Line } from "./line.ts";
import { readParameters } from "./parameters.ts";
import { bootImages, nameIn, verifyCreate } from "./verify.ts";

const host = { name: "h1", cpus: 2, memoryBytes: 4 * 2 ** 30, diskBytes: 10 * 2 ** 30 };
const seed = await startSeed({ hosts: [host] });
t.teardown(() => seed[Symbol.asyncDispose]());
const { store, clock } = seed.cluster;
const context = {
  store,
  clock,
  logger: silentLogger,
  ids: new SeedIds(store, "default"),
  line: new Line(1),
  volumeLine: new Line(1),
  settings: { errorShape: "zero", timeoutMs: 1000, namespace: "default" },
  judge: () => {},
} as const;
const verify = (query: string) => verifyCreate(context, readParameters(query));

await seed.cluster.addImage("waiting");
await seed.cluster.addImage("kernel", "b");
const kernel = await store.get(ImageKind, { name: "kernel" });
if (kernel === undefined) throw new Error("no image");
await store.updateStatus(ImageKind, { ...kernel, status: { ...kernel.status, contents: "kernel" } });
await seed.cluster.addInstanceType("huge", 500, "1Gi");
const ids = new Map((await context.ids.list(ImageKind)).map(({ id, object }) => [object.metadata.name, id]));

t.test("a request that can be served is understood", async (t) => {
  t.match(await verify("name=a&instance_type=2&image_id=100"), {
    names: ["a"],
    type: { metadata: { name: "small" } },
    image: { metadata: { name: "debian" } },
  });
  t.match(await verify("name=a b&instance_type=2&count=1"), { names: ["a b"] });
  t.match(await verify("name=a&instance_type=2&count=3"), { names: ["a-1", "a-2", "a-3"] });
});

t.test("without an image the first one that is ready is taken", async (t) => {
  for (const query of ["name=a&instance_type=2", "name=a&instance_type=2&image_id="]) {
    t.match(await verify(query), { image: { metadata: { name: "debian" } } });
  }
  t.same(
    (await bootImages(context)).map(({ object }) => object.metadata.name),
    ["debian", "waiting"],
  );
});

const wrong: readonly (readonly [string, StatusReason, string])[] = [
  ["instance_type=2", "BadRequest", "name is missing"],
  ["name=%20&instance_type=2", "BadRequest", "name is missing"],
  [`name=${"x".repeat(254)}&instance_type=2`, "BadRequest", "at most 253"],
  ["name=a%00b&instance_type=2", "BadRequest", "control"],
  ["name=a%0ab&instance_type=2", "BadRequest", "control"],
  ["name=a", "NotFound", "no instance_type (none given)"],
  ["name=a&instance_type=9", "NotFound", "no instance_type 9"],
  ["name=a&instance_type=-1", "NotFound", "no instance_type -1"],
  ["name=a&instance_type=99999999999999999999", "NotFound", "no instance_type"],
  ["name=a&instance_type=2&image_id=9", "NotFound", "no image_id 9"],
  ["name=a&instance_type=2&image_id=debian", "NotFound", "no image_id debian"],
  [`name=a&instance_type=2&image_id=${ids.get("kernel")}`, "NotFound", "no image_id"],
  [`name=a&instance_type=2&image_id=${ids.get("waiting")}`, "Conflict", "not been looked at"],
  ["name=a&instance_type=1", "Conflict", "no host has room"],
  ["name=a&instance_type=2&count=0", "BadRequest", "count"],
  ["name=a&instance_type=2&count=101", "BadRequest", "count"],
  ["name=a&instance_type=2&count=two", "BadRequest", "count"],
];
for (const [query, reason, message] of wrong) {
  t.test(`${query.slice(0, 60)} is refused: ${message}`, async (t) => {
    await rejectsWith(t, verify(query), reason, message);
  });
}

t.test("a name is any text that can be shown in one line", async (t) => {
  for (const name of ["test VM_1", "; reboot", "$(x)", "<b>", "'; drop table vms; --"]) {
    t.equal(nameIn(new Map([["name", ` ${name} `]])), name);
  }
});

t.test("a host that does not answer has no room", async (t) => {
  seed.cluster.hypervisor.host("h1").powerOff();
  await seed.cluster.settle(60_000);
  await rejectsWith(t, verify("name=a&instance_type=2"), "Conflict", "no host has room");
});
