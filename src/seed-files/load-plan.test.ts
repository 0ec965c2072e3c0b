import t from "tap";
import { parseHostFile } from "./host-file.ts";
import { parseImageFile } from "./image-file.ts";
import { type LoadInput, type LoadState, planLoad } from "./load-plan.ts";
import { parseTypesFile } from "./types-file.ts";

const files = (hosts: string, images: string, types: string): LoadInput => ({
  hosts: parseHostFile(hosts, { user: "root", localName: "box" }).entries,
  images: parseImageFile(images, "/").entries.map((entry) => ({ entry, file: entry.path })),
  types: parseTypesFile(types).entries,
});

/** The state once everything in a plan has been done. */
function after(input: LoadInput): LoadState {
  const { hosts, images, types } = planLoad(input, nothing);
  const made = (plan: typeof hosts) => plan.steps.map(({ resource }) => JSON.parse(JSON.stringify(resource)));
  return { hosts: made(hosts), images: made(images), types: made(types) };
}

const nothing: LoadState = { hosts: [], images: [], types: [] };
const first = files("h1\nh2", "/a.img\n/b.img", "[{cpu: 1, ram: 1}, {tid: 5, cpu: 2, ram: 2}]");

t.test("everything new is created, in the order of the files", async (t) => {
  const { hosts, images, types } = planLoad(first, nothing);
  const shown = [hosts, images, types].flatMap(({ steps }) =>
    steps.map(({ action, kind, resource }) => `${action} ${kind.singular} ${resource.metadata.name}`),
  );
  t.same(shown, [
    "create host h1",
    "create host h2",
    "create image a",
    "create image b",
    "create instancetype cpu1-ram1-disk0",
    "create instancetype type-5",
  ]);
});

t.test("reading the same files again changes nothing, in whatever order they now are", async (t) => {
  const state = after(first);
  for (const input of [
    first,
    files("h2\nroot@h1:22", "/b.img\n/a.img", "[{tid: 5, cpu: 2, ram: 2}, {cpu: 1, ram: 1}]"),
  ]) {
    const { hosts, images, types } = planLoad(input, state);
    for (const { steps, leftovers } of [hosts, images, types]) {
      t.same([...new Set(steps.map(({ action }) => action))], ["keep"]);
      t.same(leftovers, []);
    }
  }
});

t.test("only what changed is changed; what is no longer named stays and is told", async (t) => {
  const { hosts, images, types } = planLoad(
    files("bob@h1\nh3", "/a.img", "[{tid: 5, cpu: 4, ram: 2}]"),
    after(first),
  );
  t.match(hosts.steps, [{ action: "update" }, { action: "create" }]);
  t.match(hosts.leftovers, [{ metadata: { name: "h2" } }]);
  t.match(images.steps, [{ action: "keep" }]);
  t.match(images.leftovers, [{ metadata: { name: "b" } }]);
  t.match(types.steps, [{ action: "update", resource: { spec: { cpus: 4 } } }]);
  t.match(types.leftovers, [{ metadata: { name: "cpu1-ram1-disk0" } }]);
});

t.test("a file that is not given says nothing", async (t) => {
  const { hosts, images, types } = planLoad({ hosts: first.hosts }, after(first));
  t.equal(hosts.steps.length, 2);
  for (const plan of [images, types]) t.match(plan, { steps: [], leftovers: [], problems: [] });
});

t.test("what cannot be had is a problem of its line", async (t) => {
  const state = after(first);
  const types = state.types.map((type) => ({ ...type, metadata: { name: type.metadata.name } }));
  const { problems } = planLoad(files("h1", "", "[{cpu: 1, ram: 1},\n{tid: 5, cpu: 4, ram: 4}]"), {
    ...state,
    types,
  }).types;
  t.match(problems, [{ line: 2 }]);
});
