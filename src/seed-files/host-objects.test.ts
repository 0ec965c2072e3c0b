import t from "tap";
import type { Host } from "../schema/host.ts";
import { parseHostFile } from "./host-file.ts";
import { hostsToLoad } from "./host-objects.ts";

const entries = (text: string) => parseHostFile(text, { user: "root", localName: "box" }).entries;

function load(text: string, existing: readonly Host[] = []) {
  return hostsToLoad(entries(text), existing).map((wanted) => {
    if ("message" in wanted) throw new Error(wanted.message);
    return wanted;
  });
}

t.test("a line becomes a Host whose CPUs are not promised twice", async (t) => {
  t.match(load("h1\nlocalhost"), [
    {
      before: undefined,
      after: {
        metadata: { name: "h1", annotations: { "ostler.dev/seed-line": "1" } },
        spec: {
          uri: "qemu+ssh://root@h1/system?no_tty=1",
          overcommit: { cpu: 1, memory: 1 },
          unschedulable: false,
        },
      },
    },
    { after: { metadata: { name: "box" }, spec: { uri: "qemu:///system" } } },
  ]);
});

t.test(
  "the same address is the same Host; what is said about how to get in is brought up to date",
  async (t) => {
    const [first] = load("h1");
    if (first === undefined) throw new Error("no host");
    const host = { ...first.after, metadata: { ...first.after.metadata, name: "mine" } };
    const [again] = load("# moved\nroot@h1", [host]);
    t.equal(again?.after, host, "left as it is");
    const [changed] = load("bob@h1", [host]);
    t.match(changed?.after, {
      metadata: { name: "mine" },
      spec: { uri: "qemu+ssh://bob@h1/system?no_tty=1" },
    });
    const { annotations: _none, ...metadata } = host.metadata;
    const others = { ...host, metadata };
    t.equal(load("bob@h1", [others])[0]?.after, others, "somebody else made that one");
  },
);

t.test("two hosts whose names would be the same have different ones", async (t) => {
  const names = load("[fe80::1]\nfe80-1\nqemu+tls://fe80-1/system").map(({ after }) => after.metadata.name);
  t.equal(names[0], "fe80-1");
  t.equal(new Set(names).size, 3);
});
