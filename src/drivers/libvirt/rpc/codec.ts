import { XdrError, type XdrReader, type XdrWriter } from "./xdr.ts";

/** Both directions of one wire type. */
export interface Codec<T> {
  write(writer: XdrWriter, value: T): void;
  /** Throws `XdrError` on anything that is not a `T`. */
  read(reader: XdrReader): T;
}

/** The type that a codec carries. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** A 64-bit integer: a number where a number is exact, else a bigint. */
export type Hyper = number | bigint;

export const int: Codec<number> = { write: (w, value) => w.int(value), read: (r) => r.int() };
export const uint: Codec<number> = { write: (w, value) => w.uint(value), read: (r) => r.uint() };
export const hyper: Codec<Hyper> = { write: (w, value) => w.hyper(value), read: (r) => r.hyper() };
export const uhyper: Codec<Hyper> = { write: (w, value) => w.uhyper(value), read: (r) => r.uhyper() };
export const double: Codec<number> = { write: (w, value) => w.double(value), read: (r) => r.double() };
export const string: Codec<string> = { write: (w, value) => w.string(value), read: (r) => r.string() };
/** A string that is likely to come again. */
export const name: Codec<string> = { write: (w, value) => w.string(value), read: (r) => r.name() };
/** An int of which every value but 0 means true. */
export const bool: Codec<boolean> = {
  write: (w, value) => w.int(value ? 1 : 0),
  read: (r) => r.int() !== 0,
};
/** Bytes; copied, so that they do not keep a large answer alive. */
export const opaque: Codec<Uint8Array> = {
  write: (w, value) => w.opaque(value),
  read: (r) => Buffer.from(r.opaque()),
};

/** Sixteen bytes, written as 8-4-4-4-12 lower-case hexadecimal digits. */
export const uuid: Codec<string> = {
  write(w, value) {
    const bytes = Buffer.from(value.replaceAll("-", ""), "hex");
    if (bytes.length !== 16) throw new XdrError(`not a UUID: ${JSON.stringify(value)}`);
    w.fixedOpaque(bytes);
  },
  read(r) {
    const hex = r.hex(16);
    const clock = `${hex.slice(12, 16)}-${hex.slice(16, 20)}`;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${clock}-${hex.slice(20)}`;
  },
};

/** `T*`: undefined when absent. */
export function optional<T>(item: Codec<T>): Codec<T | undefined> {
  return {
    write(w, value) {
      w.uint(value === undefined ? 0 : 1);
      if (value !== undefined) item.write(w, value);
    },
    read: (r) => (r.present() ? item.read(r) : undefined),
  };
}

/** `T<>`. */
export function array<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    write(w, values) {
      w.uint(values.length);
      for (const value of values) item.write(w, value);
    },
    read(r) {
      const values: T[] = [];
      for (let left = r.count(); left > 0; left--) values.push(item.read(r));
      return values;
    },
  };
}

/** `char[length]`: libvirt sends each character as an int, and NULs after the last. */
export function characters(length: number): Codec<string> {
  return {
    write(w, value) {
      if (value.length > length) throw new XdrError(`more than ${length} characters: ${value}`);
      for (let index = 0; index < length; index++) w.int(index < value.length ? value.charCodeAt(index) : 0);
    },
    read(r) {
      let text = "";
      for (let index = 0; index < length; index++) text += String.fromCharCode(r.int() & 0xff);
      const end = text.indexOf("\0");
      return end === -1 ? text : text.slice(0, end);
    },
  };
}

/** What a struct of these fields carries; a field that may be undefined may be left out. */
export type Fields<F> = {
  readonly [K in keyof F as undefined extends ValueOf<F[K]> ? never : K]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as undefined extends ValueOf<F[K]> ? K : never]?: ValueOf<F[K]>;
};

/** The fields one after another, in the order written. */
export function struct<F extends Readonly<Record<string, Codec<unknown>>>>(fields: F): Codec<Fields<F>> {
  // Here wire types become TypeScript types: what `read` builds is, field by field, what `Fields` says.
  const entries = Object.entries(fields);
  return {
    write(w, value) {
      const record = value as Readonly<Record<string, unknown>>;
      for (const [key, codec] of entries) codec.write(w, record[key]);
    },
    read(r) {
      const record: Record<string, unknown> = {};
      for (const [key, codec] of entries) record[key] = codec.read(r);
      return record as Fields<F>;
    },
  };
}
