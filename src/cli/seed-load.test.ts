import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { HostKind } from "../schema/host.ts";
import { ImageKind } from "../schema/image.ts";
import { InstanceTypeKind } from "../schema/instance-type.ts";
import type { Resource } from "../schema/meta.ts";
import { startCli } from "../testing/cli-fixture.ts";

async function setUp(t: Test) {
  const cli = await startCli();
  t.teardown(() => cli[Symbol.asyncDispose]());
  const directory = t.testdir({
    disk: { "debian.qcow2": "content", "cirros-0.3.4-x86_64-disk.img": "other" },
  });
  const put = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  const names = async () => {
    const { store } = cli.api;
    const lists: readonly (readonly Resource[])[] = [
      (await store.list(HostKind)).items,
      (await store.list(ImageKind)).items,
      (await store.list(InstanceTypeKind)).items,
    ];
    return lists.map((items) => items.map(({ metadata }) => metadata.name));
  };
  return { cli, directory, put, names };
}

t.test("what three files name is registered, once", async (t) => {
  const { cli, directory, put, names } = await setUp(t);
  const pms = await put("pm_file", "10.0.0.1\nroot@10.0.0.2:2222\nlocalhost\n");
  const images = await put(
    "image_file",
    `${directory}/disk/debian.qcow2\ndisk/cirros-0.3.4-x86_64-disk.img\n`,
  );
  const types = await put("types_file", "'types': [{'cpu': 1, 'ram': 512, 'disk': 1},],");
  const args = ["seed", "load", "--pms", pms, "--images", images, "--types", types, "--user", "root"];
  const first = await cli.run(args);
  t.match(first, { code: 0, stderr: "" });
  t.match(first.stdout, /^host\/10\.0\.0\.1 created\nhost\/10\.0\.0\.2-2222 created\n/);
  const local = hostname().toLowerCase();
  t.match(await names(), [
    ["10.0.0.1", "10.0.0.2-2222", local].toSorted(),
    [/^cirros-/, "debian"],
    ["cpu1-ram512-disk1"],
  ]);
  const again = await cli.run(args);
  t.match(again, { code: 0 });
  t.equal(again.stdout.match(/ unchanged\n/g)?.length, 6);
  const { items } = await cli.api.store.list(ImageKind);
  t.ok(items.some(({ spec }) => spec.source.file === join(directory, "disk/debian.qcow2")));
});

t.test("every line that is wrong is told with file and number, and nothing is changed", async (t) => {
  const { cli, put, names } = await setUp(t);
  const pms = await put("pm_file", "10.0.0.1\n10.0.0.999\nh:0\n");
  const images = await put("image_file", "/nowhere/at/all.img\n");
  const types = await put("types_file", "{'types': [\n{'cpu': 0, 'ram': 1}]}");
  const { code, stderr } = await cli.run([
    "seed",
    "load",
    "--pms",
    pms,
    "--images",
    images,
    "--types",
    types,
  ]);
  t.equal(code, 1);
  for (const place of [`${pms}:2: `, `${pms}:3: `, `${types}:2: `]) t.ok(stderr.includes(place), place);
  t.match(stderr, /error: 3 lines are wrong; nothing was changed\n$/);
  const rest = await cli.run([
    "seed",
    "load",
    "--pms",
    await put("pm_file", "10.0.0.1\n"),
    "--images",
    images,
  ]);
  t.match(rest, { code: 1, stderr: /image_file:1: .*no such file.*\nerror: .*nothing was changed/ });
  t.same(await names(), [[], [], []]);
});

t.test("files can be checked without a server", async (t) => {
  const { cli, put, names } = await setUp(t);
  const env = { OSTLER_KUBECONFIG: "/nowhere" };
  const check = (pms: string) => cli.run(["seed", "load", "--pms", pms, "--check"], { env });
  t.match(await check(await put("good", "h1\nh1\n")), {
    code: 0,
    stdout: "",
    stderr: /good:2: h1 is named above/,
  });
  t.match(await check(await put("bad", "h1\nh 2\n")), { code: 1, stderr: /bad:2: "h 2": one host a line/ });
  t.same(await names(), [[], [], []]);
});

t.test("a file that cannot be read, and no file at all, are wrong usage", async (t) => {
  const { cli } = await setUp(t);
  t.match(await cli.run(["seed", "load", "--pms", "/nowhere"]), { code: 2, stderr: /cannot read \/nowhere/ });
  t.match(await cli.run(["seed", "load"]), { code: 2, stderr: /say what to load/ });
});

t.test("what is no longer named stays, and is told", async (t) => {
  const { cli, put, names } = await setUp(t);
  await cli.run(["seed", "load", "--pms", await put("pm_file", "h1\nh2\n")]);
  const { code, stderr, stdout } = await cli.run([
    "seed",
    "load",
    "--pms",
    await put("pm_file", "h2\nh3\nh3\n"),
  ]);
  t.equal(code, 0);
  t.match(stderr, /pm_file:3: h3 is named above/);
  t.match(stderr, /host\/h1 is not in the file any more; it stays/);
  t.equal(stdout, "host/h2 unchanged\nhost/h3 created\n");
  t.same((await names())[0], ["h1", "h2", "h3"]);
});

t.test(
  "images are copied where they are to be read from, and only again when they have changed",
  async (t) => {
    const { cli, directory, put } = await setUp(t);
    const images = await put("image_file", "disk/debian.qcow2\n");
    const args = ["seed", "load", "--images", images, "--image-dir", join(directory, "store")];
    t.match(await cli.run([...args, "--dry-run"]), { code: 0, stdout: "image/debian created (dry run)\n" });
    await t.rejects(readFile(join(directory, "store")), "a dry run copies nothing");
    t.match(await cli.run(args), { code: 0, stdout: "image/debian created\n" });
    const file = (await cli.api.store.list(ImageKind)).items[0]?.spec.source.file ?? "";
    t.match(file, new RegExp(`^${directory}/store/debian-qcow2-.*\\.qcow2$`));
    t.equal(await readFile(file, "utf8"), "content");
    await writeFile(file, "CONTENT");
    const at = new Date(1_767_225_600_000);
    await utimes(file, at, at);
    await utimes(join(directory, "disk/debian.qcow2"), at, at);
    await cli.run(args);
    t.equal(await readFile(file, "utf8"), "CONTENT", "same size and time: not copied again");
    await put("disk/debian.qcow2", "new content");
    t.match(await cli.run(args), { code: 0, stdout: "image/debian unchanged\n" });
    t.equal(await readFile(file, "utf8"), "new content");
  },
);

t.test("the keys to get in with become part of the addresses that are made", async (t) => {
  const { cli, directory, put } = await setUp(t);
  await mkdir(join(directory, "ssh"));
  const keys = ["--key", join(directory, "ssh/id"), "--known-hosts", join(directory, "ssh/known")];
  await cli.run(["seed", "load", "--pms", await put("pm_file", "h1\n"), "--user", "bob", ...keys]);
  const { items } = await cli.api.store.list(HostKind);
  const uri = new URL(items[0]?.spec.uri ?? "");
  t.equal(uri.username, "bob");
  t.same(Object.fromEntries(uri.searchParams), {
    keyfile: join(directory, "ssh/id"),
    known_hosts: join(directory, "ssh/known"),
    no_tty: "1",
  });
});
