import t from "tap";
import { imageNameOf, parseImageFile } from "./image-file.ts";

const parse = (text: string) => parseImageFile(text, "/srv/lists");

const forms: readonly (readonly [string, Record<string, unknown>])[] = [
  [
    "/images/cirros-0.3.4-x86_64-disk.img",
    { name: "cirros-0.3.4-x86_64-disk", path: "/images/cirros-0.3.4-x86_64-disk.img" },
  ],
  ["/images/debian.iso", { name: "debian", path: "/images/debian.iso" }],
  ["/images/noextension", { name: "noextension", path: "/images/noextension" }],
  ["/images//a/../b c.img", { name: "b c", path: "/images/b c.img" }],
  ["linux.img", { name: "linux", path: "/srv/lists/linux.img" }],
  ["./sub/linux.img", { name: "linux", path: "/srv/lists/sub/linux.img" }],
  ["bob@10.0.0.1:/x/y.qcow2", { name: "y", path: "/x/y.qcow2", address: { user: "bob", host: "10.0.0.1" } }],
  ["h:/x/y.qcow2", { name: "y", path: "/x/y.qcow2", address: { host: "h" } }],
  ["bob@h:2222:/x/y.qcow2", { address: { user: "bob", host: "h", port: 2222 }, path: "/x/y.qcow2" }],
  ["bob@[fe80::1]:/x/y", { address: { user: "bob", host: "fe80::1" }, path: "/x/y" }],
  ["[fe80::1]:22:/x/y", { address: { host: "fe80::1", port: 22 }, path: "/x/y" }],
];
for (const [line, entry] of forms) {
  t.test(`${line} is an image`, async (t) => {
    t.match(parse(`\r\n${line}\r\n`), { entries: [{ line: 2, ...entry }], problems: [], notes: [] });
  });
}

for (const line of ["/", "https://x/y.img", "-x@h:/y", "h:99999:/y", "/a\u0000b"]) {
  t.test(`${JSON.stringify(line)} is refused, with its line`, async (t) => {
    t.match(parse(`/a\n${line}\n`), { problems: [{ line: 2, message: String }] });
  });
}

t.test("data, and duplicates in any way of writing", async (t) => {
  t.match(parse("{'images': ['/a.img', 'b.img',],}").entries, [
    { path: "/a.img" },
    { path: "/srv/lists/b.img" },
  ]);
  t.match(parse("/a/b.img\n/a/./b.img\nh:/x\nbob@h:22:/x"), {
    entries: [{ line: 1 }, { line: 3 }],
    notes: [{ line: 2 }, { line: 4 }],
  });
  t.same(parse("").entries, [], "no image at all is no mistake");
});

t.test("a name is what is before the last extension", async (t) => {
  t.equal(imageNameOf("/x/a.tar.gz"), "a.tar");
  t.equal(imageNameOf("/x/.img"), ".img");
  t.equal(imageNameOf("a"), "a");
});
