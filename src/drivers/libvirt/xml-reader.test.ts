import fc from "fast-check";
import t from "tap";
import { attribute, find, findAll, readXml, XmlError } from "./xml-reader.ts";

t.test("elements, attributes, text and namespaces are read", async (t) => {
  const root = readXml(`<?xml version="1.0"?>
    <a x='1' o:y='2' xmlns:o='urn:o'><!-- no --><b>t&lt;<![CDATA[<c/>]]></b><b/><o:b>other</o:b></a>`);
  t.equal(attribute(root, "x"), "1");
  t.equal(attribute(root, "y"), undefined, "an attribute of another namespace is not ours");
  t.equal(find(root, "b")?.text, "t<<c/>");
  t.equal(findAll(root, "b").length, 2);
  t.equal(find(root, "b", "c"), undefined);
  t.equal(attribute(undefined, "x"), undefined);
  t.match(root.children[2], { name: "b", uri: "urn:o", text: "other" });
});

const refused: Record<string, string> = {
  "a document type": "<!DOCTYPE a><a/>",
  "an external entity": "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
  "a billion laughs": "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>",
  "an unknown entity": "<a>&nbsp;</a>",
  "an unknown prefix": "<x:a/>",
  "a character that XML cannot carry": "<a>\u0001</a>",
  "a reference to a character that XML cannot carry": "<a>&#0;</a>",
  "an attribute twice": "<a b='1' b='2'/>",
  "an end that is missing": "<a><b></a>",
  "two roots": "<a/><b/>",
  "nothing at all": "",
  "text alone": "hello",
  "nesting without end": "<a>".repeat(65) + "</a>".repeat(65),
  "elements without end": `<a>${"<b/>".repeat(100_001)}</a>`,
  "attributes without end": `<a>${'<b c="" d="" e="" f=""/>'.repeat(20_001)}</a>`,
  "a document without end": `<a>${" ".repeat(4 * 1024 * 1024)}</a>`,
};

for (const [what, text] of Object.entries(refused)) {
  t.test(`${what} is refused`, async (t) => {
    t.throws(() => readXml(text), XmlError);
  });
}

t.test("64 levels are read", async (t) => {
  t.equal(readXml("<a>".repeat(64) + "</a>".repeat(64)).name, "a");
});

t.test("whatever a host sends is read or refused, and nothing else happens", async () => {
  const pieces = fc.constantFrom(
    "<a>",
    "</a>",
    "<b c='",
    "'>",
    "/>",
    "&",
    ";",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "x",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
      try {
        readXml(`<a>${parts.join("")}</a>`);
      } catch (error) {
        if (!(error instanceof XmlError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
