import fc from "fast-check";
import t from "tap";
import { readXml, type XmlElement } from "./xml-reader.ts";
import { textElement, writeXml, type XmlNode, xml } from "./xml-writer.ts";

/** Text with all that could break out, and white space that a reader might change. */
const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."<>&\"'/ \t\n\r]![-CDATA;#xa0"), minLength: 1 }),
  fc
    .string({ unit: "binary", minLength: 1 })
    .filter((text) => !/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text)),
  fc.constantFrom("]]>", "<!--", "-->", "<!DOCTYPE a>", "&amp;", "&#0;", "</name><evil/>", "' evil='"),
);

const anyNode = fc.letrec<{ node: XmlNode }>((tie) => ({
  node: fc.record({
    name: fc.constantFrom("domain", "name", "disk", "source", "tb-cache"),
    attributes: fc.dictionary(fc.constantFrom("file", "name", "type"), anyText, { noNullPrototype: true }),
    children: fc.oneof(
      { depthSize: "small" },
      fc.array(anyText, { maxLength: 1 }),
      fc.array(tie("node"), { maxLength: 3 }),
    ),
  }),
})).node;

t.test("what is written is read back: the same tree and no other node, whatever the text", async () => {
  fc.assert(
    fc.property(anyNode, (node) => same(readXml(writeXml(node)), node)),
    { numRuns: 1000 },
  );
});

t.test("characters that XML cannot carry are refused, not dropped", async (t) => {
  for (const bad of ["\u0000", "\u0001", "\u000b", "\u001f", "\ud800", "a\udc00b", "\ufffe", "\uffff"]) {
    t.throws(() => writeXml(textElement("name", bad)), /XML cannot carry/);
    t.throws(() => writeXml(xml("source", { file: bad })), /XML cannot carry/);
  }
  t.equal(writeXml(textElement("name", "\u{1f600}é")), "<name>\u{1f600}é</name>");
});

t.test("only names on the list can be written", async (t) => {
  const smuggled = JSON.parse('{"name":"emulator","attributes":{},"children":[]}');
  t.throws(() => writeXml(smuggled), /no element that is written/);
  const attribute = JSON.parse('{"name":"disk","attributes":{"onload":"x"},"children":[]}');
  t.throws(() => writeXml(attribute), /no attribute that is written/);
});

t.test("children that are not there are left out", async (t) => {
  t.equal(
    writeXml(xml("disk", {}, undefined, false, xml("boot", { order: 1 }))),
    '<disk><boot order="1"/></disk>',
  );
});

function same(read: XmlElement, written: XmlNode): boolean {
  const texts = written.children.filter((child) => typeof child === "string");
  const nodes = written.children.filter((child) => typeof child !== "string");
  return (
    read.name === written.name &&
    read.uri === "" &&
    read.text === texts.join("") &&
    read.attributes.size === Object.keys(written.attributes).length &&
    Object.entries(written.attributes).every(([name, value]) => read.attributes.get(name) === value) &&
    read.children.length === nodes.length &&
    nodes.every((node, index) => {
      const child = read.children[index];
      return child !== undefined && same(child, node);
    })
  );
}
