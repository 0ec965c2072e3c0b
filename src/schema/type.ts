import type {
  TAddOptional,
  TArray,
  TArrayOptions,
  TBoolean,
  TEnum,
  TEnumValue,
  TInteger,
  TKeysToIndexer,
  TLiteral,
  TLiteralValue,
  TNull,
  TNumber,
  TNumberOptions,
  TObject,
  TObjectOptions,
  TOmit,
  TProperties,
  TRecord,
  TSchema,
  TSchemaOptions,
  TString,
  TStringKey,
  TStringOptions,
  TUnion,
  TUnknown,
} from "typebox";

/** Marks what may be absent, where no serialisation shows it. */
const isOptional = Symbol("optional");

/**
 * Writes JSON Schema and carries its type: TypeBox's types, without its four hundred files of code, which
 * took a fifth of a start. Only what is used here, and each as TypeBox writes it.
 */
export const Type = {
  Array: array,
  Boolean: boolean,
  Enum: oneOf,
  Integer: integer,
  Literal: literal,
  Null: nothing,
  Number: number,
  Object: object,
  Omit: omit,
  Optional: optional,
  Record: record,
  String: string,
  Union: union,
  Unknown: unknown,
} as const;

function array<T extends TSchema>(items: T, options?: TArrayOptions): TArray<T>;
function array(items: TSchema, options?: TArrayOptions): TSchema {
  return { type: "array", items, ...options };
}

function boolean(options?: TSchemaOptions): TBoolean;
function boolean(options?: TSchemaOptions): TSchema {
  return { type: "boolean", ...options };
}

function oneOf<T extends TEnumValue[]>(values: readonly [...T], options?: TSchemaOptions): TEnum<T>;
function oneOf(values: readonly TEnumValue[], options?: TSchemaOptions): TSchema {
  return { enum: values, ...options };
}

function integer(options?: TNumberOptions): TInteger;
function integer(options?: TNumberOptions): TSchema {
  return { type: "integer", ...options };
}

function literal<T extends TLiteralValue>(value: T, options?: TSchemaOptions): TLiteral<T>;
function literal(value: TLiteralValue, options?: TSchemaOptions): TSchema {
  return { type: typeof value, const: value, ...options };
}

function nothing(options?: TSchemaOptions): TNull;
function nothing(options?: TSchemaOptions): TSchema {
  return { type: "null", ...options };
}

function number(options?: TNumberOptions): TNumber;
function number(options?: TNumberOptions): TSchema {
  return { type: "number", ...options };
}

function object<T extends TProperties>(properties: T, options?: TObjectOptions): TObject<T>;
function object(properties: TProperties, options?: TObjectOptions): TSchema {
  const required = Object.keys(properties).filter((name) => !hasMark(properties[name]));
  return { type: "object", ...(required.length > 0 ? { required } : {}), properties, ...options };
}

/** The object without these fields, and without its options. */
function omit<T extends TProperties, K extends PropertyKey[]>(
  type: TObject<T>,
  names: readonly [...K],
  options?: TObjectOptions,
): TOmit<TObject<T>, TKeysToIndexer<K>>;
function omit({ properties }: TObject, names: readonly PropertyKey[], options?: TObjectOptions): TSchema {
  const left = Object.entries(properties).filter(([name]) => !names.includes(name));
  return object(Object.fromEntries(left), options);
}

function optional<T extends TSchema>(type: T): TAddOptional<T>;
function optional(type: TSchema): TSchema {
  return Object.defineProperty({ ...type }, isOptional, { value: true });
}

/** Keys are as the pattern of `key` says; any, if it has none. */
function record<T extends TSchema>(key: TString, value: T, options?: TObjectOptions): TRecord<TStringKey, T>;
function record(key: TString, value: TSchema, options?: TObjectOptions): TSchema {
  const pattern = "pattern" in key ? String(key.pattern) : "^.*$";
  return { type: "object", patternProperties: { [pattern]: value }, ...options };
}

function string(options?: TStringOptions): TString;
function string(options?: TStringOptions): TSchema {
  return { type: "string", ...options };
}

function union<T extends TSchema[]>(anyOf: readonly [...T], options?: TSchemaOptions): TUnion<T>;
function union(anyOf: readonly TSchema[], options?: TSchemaOptions): TSchema {
  return { anyOf, ...options };
}

function unknown(options?: TSchemaOptions): TUnknown;
function unknown(options?: TSchemaOptions): TSchema {
  return { ...options };
}

function hasMark(type: TSchema | undefined): boolean {
  return type !== undefined && isOptional in type;
}
