import t from "tap";
import { idIn, readParameters } from "./parameters.ts";

const read = (query: string, body?: string) => Object.fromEntries(readParameters(query, body));

t.test("parameters come from the query and the body, in any case and by their other names", async (t) => {
  t.same(read("Name=a+b&vmID=3"), { name: "a b", vmid: "3" });
  t.same(read("vm_type=1&image_type=100"), { instance_type: "1", image_id: "100" });
  t.same(read("", "name=a%20b&instance_type=1"), { name: "a b", instance_type: "1" });
  t.same(read("name=a", '{"instance_type": 1, "image_id": "100"}'), {
    name: "a",
    instance_type: "1",
    image_id: "100",
  });
  t.same(read(""), {});
});

t.test("what is said twice differently, or is neither text nor number, is not said at all", async (t) => {
  t.same(read("vmid=1&vmid=2&name=a"), { name: "a" });
  t.same(read("vmid=1&VMID=1"), { vmid: "1" });
  t.same(read("vmid=1", "vmid=2"), {});
  t.same(read("", '{"vmid": [1], "name": {"a": 1}, "x": null, "y": true}'), {});
  for (const body of ["{", "{]", "[1]", "\u0000"]) t.same(read("vmid=1", body).vmid, "1");
});

t.test("an id is a positive whole number and nothing else", async (t) => {
  for (const [text, id] of [
    ["1", 1],
    [" 7 ", 7],
    ["0042", 42],
    ["9007199254740991", 2 ** 53 - 1],
  ] as const) {
    t.equal(idIn(text), id, text);
  }
  const wrong = [
    "",
    "0",
    "-1",
    "+1",
    "1.0",
    "1e3",
    "0x10",
    "one",
    "١",
    "9007199254740992",
    "9".repeat(400),
    "1 2",
    "1;",
  ];
  for (const text of [undefined, ...wrong]) t.equal(idIn(text), undefined, encodeURI(text ?? "nothing"));
});
