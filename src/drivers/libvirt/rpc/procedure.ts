import { type Codec, type Fields, struct } from "./codec.ts";

/**
 * Which of a host's two connections a call belongs on. `control` calls are answered at once even when a guest
 * hangs; `work` may wait for a guest's monitor, its job lock or a disk, and holds one of the daemon's few
 * places for as long as that takes.
 */
export type Lane = "control" | "work";

/** A remote procedure: what goes in, what comes out. `Args` and `Result` are plain objects. */
export interface Procedure<Args, Result> {
  readonly number: number;
  /** libvirt's name for it, without REMOTE_PROC_. */
  readonly name: string;
  readonly lane: Lane;
  /** Whether it changes something on the host, be it for a moment. */
  readonly changes: boolean;
  readonly args: Codec<Args>;
  readonly result: Codec<Result>;
}

/** The wire types of arguments or results, in wire order. */
export type Layout = Readonly<Record<string, Codec<unknown>>>;

type Typed<A extends Layout, R extends Layout> = Procedure<Fields<A>, Fields<R>>;

/** A procedure that never waits for a guest. */
export function control<A extends Layout, R extends Layout>(
  number: number,
  name: string,
  args: A,
  result: R,
): Typed<A, R> {
  return {
    number,
    name,
    lane: "control",
    changes: changes(name),
    args: struct(args),
    result: struct(result),
  };
}

/** A procedure that may take long. */
export function work<A extends Layout, R extends Layout>(
  number: number,
  name: string,
  args: A,
  result: R,
): Typed<A, R> {
  return { number, name, lane: "work", changes: changes(name), args: struct(args), result: struct(result) };
}

const reading: ReadonlySet<string> = new Set([
  ...["GET", "LIST", "LOOKUP", "HAS", "IS", "SUPPORTS", "NUM", "COMPARE", "ADDRESSES", "STATS", "DOWNLOAD"],
  ...["OPEN", "CLOSE", "REGISTER", "DEREGISTER", "SCREENSHOT", "AUTH"],
]);

/** By libvirt's own words; what is not known to read counts as a change. */
function changes(name: string): boolean {
  return !name.split("_").some((word) => reading.has(word));
}
