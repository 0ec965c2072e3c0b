import t from "tap";
import { hostKey, parseHostFile } from "./host-file.ts";

const options = { user: "root", localName: "Box" };
const parse = (text: string) => parseHostFile(text, options);

const forms: readonly (readonly [string, string, string])[] = [
  ["10.0.0.1", "10.0.0.1", "qemu+ssh://root@10.0.0.1/system?no_tty=1"],
  ["bob@10.0.0.1", "10.0.0.1", "qemu+ssh://bob@10.0.0.1/system?no_tty=1"],
  ["bob@10.0.0.1:2222", "10.0.0.1-2222", "qemu+ssh://bob@10.0.0.1:2222/system?no_tty=1"],
  ["Rack1.example.org", "rack1.example.org", "qemu+ssh://root@rack1.example.org/system?no_tty=1"],
  ["[fe80::1]:22", "fe80-1", "qemu+ssh://root@[fe80::1]/system?no_tty=1"],
  ["localhost", "box", "qemu:///system"],
  ["bob@127.0.0.1", "box", "qemu:///system"],
  ["127.0.0.1:2222", "127.0.0.1-2222", "qemu+ssh://root@127.0.0.1:2222/system?no_tty=1"],
  ["qemu+ssh://bob@h/system?keyfile=/k", "h", "qemu+ssh://bob@h/system?keyfile=/k"],
  ["qemu+tls://h/system", "h", "qemu+tls://h/system"],
  ["qemu+unix:///system?socket=/run/x", "box", "qemu+unix:///system?socket=/run/x"],
];
for (const [line, name, uri] of forms) {
  t.test(`${line} is a host`, async (t) => {
    t.match(parse(`# hosts\r\n\r\n${line}\r\n`), {
      entries: [{ line: 3, name, uri }],
      problems: [],
      notes: [],
    });
  });
}

t.test("only a host that SSH reaches has an address", async (t) => {
  t.match(parse("bob@h:2222").entries, [{ address: { user: "bob", host: "h", port: 2222 } }]);
  t.match(parse("qemu+ssh://bob@[::2]/system").entries, [{ address: { user: "bob", host: "::2" } }]);
  for (const text of ["localhost", "qemu+tls://h/system"])
    t.equal(parse(text).entries[0]?.address, undefined);
});

t.test("the URIs that are made say how to get in", async (t) => {
  const parameters = { keyfile: "/my keys/id", known_hosts: "/k" };
  const { entries } = parseHostFile("h\nqemu+ssh://a@b/system\nlocalhost", { ...options, parameters });
  t.same(
    entries.map(({ uri }) => uri),
    [
      "qemu+ssh://root@h/system?keyfile=%2Fmy+keys%2Fid&known_hosts=%2Fk&no_tty=1",
      "qemu+ssh://a@b/system",
      "qemu:///system",
    ],
  );
});

const malformed = [
  "a b",
  "999.1.1.1",
  "h:x",
  "-x@h",
  "h;reboot",
  "qemu://",
  "qemu+ssh://h",
  "://",
  "qemu+ssh://a:b@h/system",
];
for (const line of malformed) {
  t.test(`${line} is refused, with its line`, async (t) => {
    t.match(parse(`h\n${line}\n`), { problems: [{ line: 2, message: String }] });
  });
}

t.test("data, duplicates in any way of writing, and nothing at all", async (t) => {
  t.match(parse('{"pms": ["10.0.0.1", "localhost"]}').entries, [{ name: "10.0.0.1" }, { name: "box" }]);
  t.match(parse("h\nbob@H:22\nqemu+ssh://h/system\nlocalhost\n127.0.0.1"), {
    entries: [{ line: 1 }, { line: 4 }],
    notes: [{ line: 2 }, { line: 3 }, { line: 5 }],
  });
  for (const text of ["", "# none\n", "[]"])
    t.match(parse(text).problems, [{ line: 1, message: "it names no host" }]);
});

t.test(
  "what says how to get in makes no other host; another port, socket or user's own libvirt does",
  async (t) => {
    const same = ["qemu+ssh://h/system", "qemu+ssh://bob@H:22/system?keyfile=/k&no_tty=1"];
    t.equal(new Set(same.map(hostKey)).size, 1);
    const others = [
      "qemu+ssh://h:23/system",
      "qemu+tls://h/system",
      "qemu+ssh://h/session",
      "qemu+ssh://bob@h/session",
      "qemu+unix:///system?socket=/a",
      "qemu+unix:///system?socket=/b",
      "test:///default",
      "fake://h",
      "no uri",
    ];
    t.equal(new Set([...same, ...others].map(hostKey)).size, 1 + others.length);
  },
);
