/**
 * How a value is written in JSON. Of a plain `string`, `int` or `bool` nothing is kept when it is empty: Go
 * writes those always, and means nothing by it. `given...` is what Go points to: there zero says something.
 */
export type Scalar =
  | "string"
  | "givenString"
  | "bytes"
  | "int"
  | "givenInt"
  | "bool"
  | "givenBool"
  | "time"
  | "microTime"
  | "json";

/** A value that stands alone; `first`: a message of which JSON has the first field alone. */
export type ValueType = Scalar | Message | { readonly first: FieldType };

export type FieldType = ValueType | { readonly list: ValueType } | { readonly map: ValueType };

/** The fields of a message by their numbers: what each is called in JSON and what it holds. */
export interface Message {
  readonly fields: ReadonlyMap<number, readonly [name: string, type: FieldType]>;
}

/** `{ 1: ["metadata", objectMeta], ... }` as a message. */
export function message(fields: Readonly<Record<number, readonly [string, FieldType]>>): Message {
  return { fields: new Map(Object.entries(fields).map(([number, field]) => [Number(number), field])) };
}
