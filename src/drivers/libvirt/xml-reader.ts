import { SaxesParser } from "saxes";

/** An element that was read. `text` is what stands directly in it, trimmed never. */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  /** Namespace; empty for none. */
  readonly uri: string;
  /** Those without a namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** What a document may have at most: hosts are not trusted. */
const limits = { characters: 4 * 1024 * 1024, depth: 64, nodes: 100_000 } as const;

interface Draft {
  readonly name: string;
  readonly uri: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** The text is no XML that we accept: malformed, with a document type, or beyond a limit. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

/** Reads a document. Only the five predefined entities exist. Throws `XmlError`. */
export function readXml(text: string): XmlElement {
  if (text.length > limits.characters) throw new XmlError(`longer than ${limits.characters} characters`);
  const parser = new SaxesParser({ xmlns: true });
  const open: Draft[] = [];
  let root: XmlElement | undefined;
  let nodes = 0;
  parser.on("error", (error) => {
    throw new XmlError(error.message);
  });
  parser.on("doctype", () => {
    throw new XmlError("has a document type, which is never accepted");
  });
  parser.on("opentag", (tag) => {
    const attributes = new Map<string, string>();
    for (const { uri, local, value } of Object.values(tag.attributes)) {
      if (uri === "") attributes.set(local, value);
    }
    nodes += 1 + attributes.size;
    if (nodes > limits.nodes) throw new XmlError(`more than ${limits.nodes} elements and attributes`);
    if (open.length >= limits.depth) throw new XmlError(`nested deeper than ${limits.depth}`);
    open.push({ name: tag.local, uri: tag.uri, attributes, children: [], text: "" });
  });
  const addText = (part: string): void => {
    const current = open.at(-1);
    if (current !== undefined) current.text += part;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const closed = open.pop();
    const parent = open.at(-1);
    if (closed === undefined) return;
    if (parent === undefined) root = closed;
    else parent.children.push(closed);
  });
  parser.write(text).close();
  if (root === undefined) throw new XmlError("has no element");
  return root;
}

/** The first child of this name, without a namespace, at each step; undefined where the path ends. */
export function find(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let current = element;
  for (const name of path)
    current = current?.children.find((child) => child.name === name && child.uri === "");
  return current;
}

/** All children of this name, without a namespace. */
export function findAll(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name && child.uri === "") ?? [];
}

/** An attribute's value; undefined when there is no such element or attribute. */
export function attribute(element: XmlElement | undefined, name: string): string | undefined {
  return element?.attributes.get(name);
}
