import type { Kind } from "../../../schema/kind.ts";
import { isRecord } from "../../../schema/plain.ts";
import { fieldElement, keyElement, valueElement } from "./element.ts";

/** How a value is merged and owned. */
export type FieldType =
  /** One value, whatever it is. */
  | { readonly type: "leaf" }
  /** Written by the store alone, or what the object is: nobody owns it. */
  | { readonly type: "nobody" }
  | MapType
  /** A list of scalars, each once. */
  | { readonly type: "set" }
  | ListType;

export interface MapType {
  readonly type: "map";
  readonly fields: ReadonlyMap<string, NamedField>;
  /** What fields with names of the writer's choice are; absent in a struct. */
  readonly others: FieldType | undefined;
  /** Whether being there is something to own: not of what every object has. */
  readonly owned: boolean;
}

/** A list of objects told apart by keys. */
export interface ListType {
  readonly type: "list";
  readonly keys: readonly { readonly name: string; readonly default: unknown }[];
  readonly items: FieldType;
}

export interface NamedField {
  readonly element: string;
  readonly type: FieldType;
  readonly declared: boolean;
}

const anyLeaf: FieldType = { type: "leaf" };
const nobody: FieldType = { type: "nobody" };

/** What the store decides, and what tells which object it is. */
const nobodysMetadata: ReadonlySet<string> = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "managedFields",
]);

const objectTypes = new WeakMap<Kind, MapType>();

/** The type of a kind's objects, read from its schema once. */
export function objectTypeOf(kind: Kind): MapType {
  const known = objectTypes.get(kind);
  if (known !== undefined) return known;
  const type = readObject(kind.schema);
  objectTypes.set(kind, type);
  return type;
}

/** A field of a map: one that its schema names, or one of the others; undefined if there can be none. */
export function fieldNamed(type: MapType, name: string): NamedField | undefined {
  const named = type.fields.get(name);
  if (named !== undefined || type.others === undefined) return named;
  return { element: fieldElement(name), type: type.others, declared: false };
}

/** The step to an item of a list; undefined if the item lacks a key or is no object. */
export function itemElement(type: ListType, item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  const keys: [string, unknown][] = [];
  for (const { name, default: usual } of type.keys) {
    const value = Object.hasOwn(item, name) ? item[name] : usual;
    if (value === undefined || value === null || typeof value === "object") return undefined;
    keys.push([name, value]);
  }
  return keyElement(keys);
}

/** What each item of a list or set is. */
export function itemTypeOf(type: ListType | { readonly type: "set" }): FieldType {
  return type.type === "list" ? type.items : anyLeaf;
}

/** The items of a list or set by their steps; of several with the same the first one. */
export function itemsByElement(
  type: ListType | { readonly type: "set" },
  list: readonly unknown[],
): ReadonlyMap<string, unknown> {
  const items = new Map<string, unknown>();
  for (const item of list) {
    const element = type.type === "set" ? valueElement(item) : itemElement(type, item);
    if (element !== undefined && !items.has(element)) items.set(element, item);
  }
  return items;
}

function readObject(schema: unknown): MapType {
  const type = readType(schema);
  if (type.type !== "map") throw new Error("a kind's objects are maps");
  const fields = new Map(type.fields);
  for (const name of ["apiVersion", "kind"]) fields.set(name, named(name, nobody));
  const metadata = fields.get("metadata")?.type;
  if (metadata?.type === "map") {
    const known = [...metadata.fields.keys()].map(
      (name) => [name, nobodysMetadata.has(name) ? named(name, nobody) : metadata.fields.get(name)] as const,
    );
    const kept = known.flatMap(([name, field]) => (field === undefined ? [] : [[name, field] as const]));
    fields.set("metadata", named("metadata", { ...metadata, owned: false, fields: new Map(kept) }));
  }
  return { ...type, owned: false, fields };
}

function readType(schema: unknown): FieldType {
  if (!isRecord(schema) || schema["x-kubernetes-map-type"] === "atomic") return anyLeaf;
  if (schema.type === "array") return readList(schema);
  const { properties, patternProperties } = schema;
  const fields = Object.entries(isRecord(properties) ? properties : {});
  const [others] = Object.values(isRecord(patternProperties) ? patternProperties : {});
  if (fields.length === 0 && others === undefined) return anyLeaf;
  return {
    type: "map",
    fields: new Map(fields.map(([name, field]) => [name, named(name, readType(field))])),
    others: others === undefined ? undefined : readType(others),
    owned: true,
  };
}

function readList(schema: Record<string, unknown>): FieldType {
  switch (schema["x-kubernetes-list-type"]) {
    case "set":
      return { type: "set" };
    case "map": {
      const { items, "x-kubernetes-list-map-keys": keys } = schema;
      const properties = isRecord(items) && isRecord(items.properties) ? items.properties : {};
      const names: readonly string[] = Array.isArray(keys) ? keys.map(String) : [];
      const withDefaults = names.map((name) => {
        const property = properties[name];
        return { name, default: isRecord(property) ? property.default : undefined };
      });
      return { type: "list", keys: withDefaults, items: readType(items) };
    }
    default:
      return anyLeaf;
  }
}

function named(name: string, type: FieldType): NamedField {
  return { element: fieldElement(name), type, declared: true };
}
