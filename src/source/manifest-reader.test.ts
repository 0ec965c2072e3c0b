import t from "tap";
import { systemClock } from "../runtime/clock.ts";
import { parseManifests } from "../schema/manifest.ts";
import { ManifestReader } from "./manifest-reader.ts";
import { checkManifest } from "./manifest-rules.ts";

const machine = (index: number): string => `apiVersion: ostler.dev/v1
kind: VirtualMachine
metadata:
  name: vm-${index}
spec:
  cpus: 1
  memory: 512Mi
  networks: [{name: front, bridge: br0}]
`;

function file(machines: number, ...more: readonly string[]): Buffer {
  return Buffer.from(
    [...Array.from({ length: machines }, (_, index) => machine(index)), ...more].join("---\n"),
  );
}

/** However busy the machine is, a file of this size is read in less. */
const limitMs = 120_000;

/** What part of the processor time of the work is taken from this thread, and so from the event loop. */
async function shareDuring(work: () => Promise<unknown>): Promise<number> {
  const [own, all] = [process.threadCpuUsage(), process.cpuUsage()];
  await work();
  return process.threadCpuUsage(own).user / process.cpuUsage(all).user;
}

t.test("a long file says the same as a short one, kinds and places included", async (t) => {
  await using reader = new ManifestReader({ clock: systemClock, limitMs });
  const bad = machine(7).replace("512Mi", "lots");
  for (const content of [file(2, bad), file(400, bad)]) {
    const expected = parseManifests(content, "a.yaml", { check: checkManifest });
    t.equal(expected.problems.length, 1);
    const parsed = await reader.read(content, "a.yaml");
    t.strictSame(parsed.problems, expected.problems);
    t.strictSame(parsed, expected);
  }
});

t.test("files that are asked for at once are all read", async (t) => {
  await using reader = new ManifestReader({ clock: systemClock, limitMs });
  const counts = [300, 1, 301, 302];
  const parsed = await Promise.all(counts.map((count) => reader.read(file(count), "a.yaml")));
  t.same(
    parsed.map(({ manifests }) => manifests.length),
    counts,
  );
});

t.test("a hostile file does not hold up the event loop", async (t) => {
  await using reader = new ManifestReader({ clock: systemClock, limitMs });
  await reader.read(file(300), "warm.yaml");
  const hostile = Buffer.from("a: {}\n---\n".repeat(9000));
  const [first] = (await reader.read(hostile, "bad.yaml")).problems;
  t.equal(first?.file, "bad.yaml");
  const worst = Buffer.from("&a\n".repeat(300_000));
  const share = await shareDuring(() => reader.read(worst, "bad.yaml"));
  t.ok(share < 0.25, `${Math.round(share * 100)} % of the work held up the event loop`);
  const here = await shareDuring(async () => parseManifests(worst, "bad.yaml"));
  t.ok(here > 0.25, "the same in this thread does");
});

t.test(
  "a file that takes too long is refused by name and with the reason, and the next is read",
  async (t) => {
    await using reader = new ManifestReader({ clock: systemClock, limitMs: 1 });
    const parsed = await reader.read(file(400), "slow.yaml");
    t.same(parsed, {
      manifests: [],
      problems: [
        {
          file: "slow.yaml",
          line: 1,
          column: 1,
          message: "takes longer than 0.001 s to read; split the file",
        },
      ],
    });
    t.equal((await reader.read(file(1), "short.yaml")).manifests.length, 1);
    t.equal((await reader.read(file(400), "slow.yaml")).problems.length, 1);
  },
);

t.test("whoever waits when the reader is disposed of is told", async (t) => {
  const reader = new ManifestReader({ clock: systemClock });
  const reading = reader.read(file(400), "a.yaml");
  await systemClock.yield();
  await reader[Symbol.asyncDispose]();
  t.match(await reading, { problems: [{ message: /has ended/ }] });
});
