import t from "tap";
import type { HostConnection } from "../../drivers/driver.ts";
import { StatusError } from "../../runtime/errors.ts";
import { fakeFixture } from "../../testing/fake-fixture.ts";
import type { Action, DomainVerb } from "./actions.ts";
import { execute, type Hands, type OpenContent } from "./execute.ts";

const noContent: OpenContent = async ({ image }) => {
  throw new StatusError("NotFound", `image ${image} is gone`);
};
const hands = (connection: HostConnection, openContent = noContent, mayAct = () => true): Hands => ({
  connection,
  openContent,
  mayAct,
});
const because = "the test says so";
const content = { image: "debian", volume: `image-${"a".repeat(40)}.raw`, format: "raw" as const };

t.test("each step is carried out on the host, in order", async (t) => {
  const { link, host, mark, definition, signal, clusterId } = await fakeFixture();
  const verb = (type: DomainVerb): Action => ({ type, mark, because });
  const bytes = new Uint8Array(3);
  const open: OpenContent = async ({ volume, format }) => ({
    volume,
    format,
    sizeBytes: bytes.length,
    async *open() {
      yield bytes;
    },
  });
  const actions: readonly Action[] = [
    { type: "EnsureContent", content, because },
    { type: "EnsureVolume", spec: { volume: "vm-a.qcow2", capacityBytes: 9 }, because },
    { type: "DefineDomain", definition, because },
    verb("StartDomain"),
    verb("ResumeDomain"),
    verb("ShutdownDomain"),
    verb("DestroyDomain"),
    verb("UndefineDomain"),
    { type: "DeleteVolume", volume: "vm-a.qcow2", because },
  ];
  const outcome = await execute(actions, hands(link, open), signal);
  t.same(outcome, { done: actions });
  t.same([...host.domains], []);
  t.same(host.pool(clusterId).list(), [{ name: content.volume, capacityBytes: 3 }]);
});

t.test("the first step that does not succeed ends it, and is told with its error", async (t) => {
  const { link, host, mark, signal } = await fakeFixture();
  const startAction: Action = { type: "StartDomain", mark, because };
  const resume: Action = { type: "ResumeDomain", mark, because };
  host.faults.failNext("resumeDomain", new Error("busy"));
  const outcome = await execute([startAction, resume, startAction], hands(link), signal);
  t.same(outcome.done, [startAction]);
  t.match(outcome.failed, { action: resume, error: { message: "busy" } });
});

t.test("a content that cannot be opened is a failed step", async (t) => {
  const { link, signal } = await fakeFixture();
  const outcome = await execute([{ type: "EnsureContent", content, because }], hands(link), signal);
  t.match(outcome, { done: [], failed: { error: { message: "image debian is gone" } } });
});

t.test("what may not be done any more is not, even between two steps", async (t) => {
  const { link, host, mark, signal } = await fakeFixture();
  const startAction: Action = { type: "StartDomain", mark, because };
  const destroy: Action = { type: "DestroyDomain", mark, because };
  let mayAct = true;
  const guarded = hands(link, noContent, () => {
    const before = mayAct;
    mayAct = false;
    return before;
  });
  t.same(await execute([startAction, destroy], guarded, signal), { done: [startAction] });
  t.equal(host.calls.get("destroyDomain"), undefined);
  t.same(await execute([destroy], guarded, signal), { done: [] });
});
