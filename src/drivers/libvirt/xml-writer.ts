/** Every element that we ever write. A name that is not here cannot get into a document. */
const elementNames = [
  ...[
    "acpi",
    "alias",
    "allocation",
    "apic",
    "backend",
    "backingStore",
    "boot",
    "capacity",
    "channel",
    "clock",
    "cmdline",
  ],
  ...["console", "controller", "cpu", "devices", "disk", "domain", "driver", "features", "format", "initrd"],
  ...["interface", "kernel", "mac", "memballoon", "memory", "metadata", "mode", "model", "name", "on_crash"],
  ...["on_poweroff", "on_reboot", "os", "ostler:probe", "ostler:vm", "path", "permissions", "pm", "pool"],
  ...["rng", "serial", "source", "stats", "suspend-to-disk", "suspend-to-mem", "target", "tb-cache", "tcg"],
  ...["timer", "type", "uuid", "vcpu", "volume"],
] as const;

const attributeNames = [
  ...["arch", "bridge", "bus", "cache", "cluster", "dev", "device", "discard", "enabled", "epoch", "file"],
  ...["firmware", "index", "machine", "address", "mode", "model", "name", "namespace", "network", "offset"],
  ...["order", "period", "placement", "port", "present", "tickpolicy", "type", "uid", "unit", "xmlns:ostler"],
] as const;

export type XmlName = (typeof elementNames)[number];
type XmlAttribute = (typeof attributeNames)[number];
export type XmlAttributes = Readonly<Partial<Record<XmlAttribute, string | number>>>;

/** An element to be written; text is a child like others. */
export interface XmlNode {
  readonly name: XmlName;
  readonly attributes: XmlAttributes;
  readonly children: readonly (XmlNode | string)[];
}

const knownElements: ReadonlySet<string> = new Set(elementNames);
const knownAttributes: ReadonlySet<string> = new Set(attributeNames);

/** Makes an element. Children that are undefined or false are left out. */
export function xml(
  name: XmlName,
  attributes: XmlAttributes = {},
  ...children: readonly (XmlNode | string | undefined | false)[]
): XmlNode {
  const kept = children.filter((child) => child !== undefined && child !== false);
  return { name, attributes, children: kept };
}

/** An element that contains text only. */
export function textElement(name: XmlName, text: string | number): XmlNode {
  return xml(name, {}, String(text));
}

/** The document as text. Throws on names that are not ours and on characters that XML 1.0 cannot carry. */
export function writeXml({ name, attributes, children }: XmlNode): string {
  if (!knownElements.has(name)) throw new Error(`"${name}" is no element that is written`);
  let text = `<${name}`;
  for (const key in attributes) {
    if (!isAttribute(key)) throw new Error(`"${key}" is no attribute that is written`);
    text += writeAttribute(key, attributes[key]);
  }
  if (children.length === 0) return `${text}/>`;
  text += ">";
  for (const child of children) text += typeof child === "string" ? escapeText(child) : writeXml(child);
  return `${text}</${name}>`;
}

function isAttribute(name: string): name is XmlAttribute {
  return knownAttributes.has(name);
}

/** One that has no value is left out. */
function writeAttribute(name: XmlAttribute, value: string | number | undefined): string {
  if (value === undefined) return "";
  return ` ${name}="${escapeAttribute(String(value))}"`;
}

/** What ASCII prints, without markup: most of what is written, and nothing to look for in it. */
const plain = /^[ !#-%(-;=?-~]*$/;

/** A carriage return must be written as a reference, or a reader takes it for a line's end. */
function escapeText(text: string): string {
  if (plain.test(text)) return text;
  return escapeMarkup(text).replaceAll("\r", "&#13;");
}

/** All white space but the blank must be, or a reader takes it for a blank. */
function escapeAttribute(text: string): string {
  if (plain.test(text)) return text;
  return escapeText(text).replaceAll("\t", "&#9;").replaceAll("\n", "&#10;");
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
]);

function escapeMarkup(text: string): string {
  checkCharacters(text);
  return text.replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}

/**
 * What XML 1.0, section 2.2, leaves out, and the C1 controls that it advises against. With the flag `u` a
 * surrogate matches only when it stands alone.
 */
const illegal = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/u;

function checkCharacters(text: string): void {
  const found = illegal.exec(text)?.[0];
  if (found === undefined) return;
  throw new Error(`XML cannot carry the character U+${(found.codePointAt(0) ?? 0).toString(16)}`);
}
