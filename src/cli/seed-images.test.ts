import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import t, { type Test } from "tap";
import { parseImageFile } from "../seed-files/image-file.ts";
import { bringImages } from "./seed-images.ts";

const plain = { key: undefined, knownHosts: [], user: undefined, onlyLook: false };

/** In the place of ssh: a program that notes its arguments and runs the command here. */
async function withLocalSsh(
  t: Test,
): Promise<{ readonly directory: string; readonly calls: () => Promise<string> }> {
  const directory = t.testdir({ "a file's.img": "content", store: {} });
  const log = join(directory, "calls");
  await writeFile(
    join(directory, "ssh"),
    `#!/bin/sh\necho "$@" >>${log}\nfor last; do :; done\nexec sh -c "$last"\n`,
  );
  await chmod(join(directory, "ssh"), 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${directory}${delimiter}${before}`;
  t.teardown(() => {
    process.env.PATH = before;
  });
  return { directory, calls: () => readFile(log, "utf8") };
}

t.test("an image of another machine is fetched by ssh, whatever its name, and not again", async (t) => {
  const { directory, calls } = await withLocalSsh(t);
  const { entries } = parseImageFile(`bob@h:2222:${directory}/a file's.img\n`, "/");
  const store = join(directory, "store");
  const fetcher = { ...plain, directory: store, key: "/k", knownHosts: ["/known", "/a b"] };
  const bring = () => bringImages(entries, fetcher);
  const first = await bring();
  t.same(first.problems, []);
  const file = first.images[0]?.file ?? "";
  t.equal(await readFile(file, "utf8"), "content");
  t.match(
    await calls(),
    /StrictHostKeyChecking=yes -o UserKnownHostsFile="\/known" "\/a b" -i \/k -p 2222 -l bob -- h stat/,
  );
  t.match(await bring(), { images: [{ file }], problems: [] });
  t.equal((await calls()).match(/ cat -- /g)?.length, 1, "it has not changed");
  t.same(await readdir(store), [file.slice(store.length + 1)], "nothing else is left");
});

t.test("what cannot be had is told with its line, and leaves nothing", async (t) => {
  const { directory } = await withLocalSsh(t);
  const text = `h:${directory}/none.img\n/nowhere.img\n${directory}/store\n`;
  const { entries } = parseImageFile(text, "/");
  const { images, problems } = await bringImages(entries, { ...plain, directory: join(directory, "store") });
  t.same(images, []);
  t.match(problems, [
    { line: 1, message: /^h:.*none\.img: .*No such file/ },
    { line: 2, message: /no such file/ },
    { line: 3, message: /is not a file/ },
  ]);
  t.same(await readdir(join(directory, "store")), []);
});

t.test("without a place for it no image of another machine is taken", async (t) => {
  const { directory } = await withLocalSsh(t);
  const { entries } = parseImageFile(`h:/x.img\n${directory}/a file's.img`, "/");
  t.match(await bringImages(entries, { ...plain, directory: undefined }), {
    images: [{ file: `${directory}/a file's.img` }],
    problems: [{ line: 1, message: /--image-dir/ }],
  });
});
