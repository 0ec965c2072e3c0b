import { deepEqual } from "../../runtime/equal.ts";
import { StatusError } from "../../runtime/errors.ts";
import { isForbiddenKey, isRecord } from "../../schema/plain.ts";

/** As Kubernetes has them. */
const maxOperations = 10_000;
/** What `copy` may add in all, in characters of JSON: copies of copies double with each operation. */
const maxCopied = 3 * 1024 * 1024;
/** As of everything that comes over the wire. */
const maxDepth = 64;

/**
 * RFC 6902: all operations or none. Throws `BadRequest` for a patch that is not one, `Invalid` when an
 * operation does not apply (a failed `test` too), naming its index, and `RequestEntityTooLarge` for more
 * operations or copies than there may be. Neither argument is changed.
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new StatusError("BadRequest", "a JSON patch must be a list of operations");
  if (patch.length > maxOperations) {
    const message = `a JSON patch may have at most ${maxOperations} operations, this one has ${patch.length}`;
    throw new StatusError("RequestEntityTooLarge", message);
  }
  const work = { document: cloneJson(target), copied: 0 };
  for (const [index, operation] of patch.entries()) {
    try {
      applyOperation(work, readOperation(operation));
    } catch (cause) {
      if (!(cause instanceof Inapplicable)) throw cause;
      const message = `the JSON patch does not apply: operation ${index}: ${cause.message}`;
      const causes = [{ field: `patch[${index}]`, message: cause.message }];
      throw new StatusError("Invalid", message, { cause, causes });
    }
  }
  return work.document;
}

/** A copy of our own, changed in place: ten thousand copies of a large document would take seconds. */
interface Work {
  document: unknown;
  copied: number;
}

/** The document is not as the operation expects it. */
class Inapplicable extends Error {}

type Path = readonly string[];

type Operation =
  | { readonly op: "add" | "replace" | "test"; readonly path: Path; readonly value: unknown }
  | { readonly op: "remove"; readonly path: Path }
  | { readonly op: "move" | "copy"; readonly path: Path; readonly from: Path };

function readOperation(operation: unknown): Operation {
  const op = isRecord(operation) ? operation.op : undefined;
  if (!isRecord(operation) || typeof op !== "string") {
    throw new StatusError("BadRequest", "each operation of a JSON patch needs an op and a path");
  }
  const path = pointerOf(operation.path, "path");
  switch (op) {
    case "add":
    case "replace":
    case "test":
      if (Object.hasOwn(operation, "value")) return { op, path, value: operation.value };
      throw new StatusError("BadRequest", `the operation ${op} of a JSON patch needs a value`);
    case "remove":
      return { op, path };
    case "move":
    case "copy":
      return { op, path, from: pointerOf(operation.from, "from") };
    default:
      throw new StatusError("BadRequest", `a JSON patch has no operation "${op.slice(0, 32)}"`);
  }
}

function applyOperation(work: Work, operation: Operation): void {
  const { path } = operation;
  switch (operation.op) {
    case "add":
      add(work, path, cloneJson(operation.value));
      return;
    case "remove":
      remove(work, path);
      return;
    case "replace":
      replace(work, path, cloneJson(operation.value));
      return;
    case "move":
      if (isWithin(path, operation.from)) {
        throw new Inapplicable(`"${formatPointer(operation.from)}" cannot be moved into itself`);
      }
      if (isSame(path, operation.from)) read(work.document, path);
      else add(work, path, remove(work, operation.from));
      return;
    case "copy":
      add(work, path, copyOf(work, read(work.document, operation.from)));
      return;
    case "test":
      if (deepEqual(read(work.document, path), operation.value)) return;
      throw new Inapplicable(`the value at "${formatPointer(path)}" is not the one tested for`);
  }
}

function copyOf(work: Work, value: unknown): unknown {
  const text = JSON.stringify(value);
  work.copied += text.length;
  if (work.copied <= maxCopied) return JSON.parse(text);
  throw new StatusError(
    "RequestEntityTooLarge",
    `the copies that a JSON patch makes may add at most ${maxCopied} characters`,
  );
}

function cloneJson(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.parse(JSON.stringify(value)) : value;
}

/** RFC 6901. */
function pointerOf(pointer: unknown, name: "path" | "from"): Path {
  if (typeof pointer !== "string" || (pointer !== "" && !pointer.startsWith("/"))) {
    throw new StatusError("BadRequest", `the ${name} of a JSON patch must be empty or begin with /`);
  }
  if (/~(?![01])/.test(pointer)) {
    throw new StatusError("BadRequest", `in the ${name} of a JSON patch ~ must be written ~0, and / ~1`);
  }
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (steps.some(isForbiddenKey)) throw new StatusError("BadRequest", "a path may not name a prototype");
  return steps;
}

function formatPointer(path: Path): string {
  return path.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

/** Whether `path` is below `outer`. */
function isWithin(path: Path, outer: Path): boolean {
  return path.length > outer.length && outer.every((step, index) => step === path[index]);
}

function read(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[indexIn(at, step, at.length - 1)];
    if (isRecord(at) && Object.hasOwn(at, step)) return at[step];
    throw new Inapplicable(`there is nothing at "${formatPointer(path)}"`);
  }, document);
}

function add(work: Work, path: Path, value: unknown): void {
  assertShallow(value, maxDepth - path.length);
  const step = path.at(-1);
  if (step === undefined) {
    work.document = value;
    return;
  }
  const parent = read(work.document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    parent.splice(step === "-" ? parent.length : indexIn(parent, step, parent.length), 0, value);
  } else if (isRecord(parent)) {
    parent[step] = value;
  } else {
    throw new Inapplicable(`there is no object or list to hold "${formatPointer(path)}"`);
  }
}

function replace(work: Work, path: Path, value: unknown): void {
  assertShallow(value, maxDepth - path.length);
  const step = path.at(-1);
  if (step === undefined) {
    work.document = value;
    return;
  }
  const parent = read(work.document, path.slice(0, -1));
  if (Array.isArray(parent)) parent[indexIn(parent, step, parent.length - 1)] = value;
  else if (isRecord(parent) && Object.hasOwn(parent, step)) parent[step] = value;
  else throw new Inapplicable(`there is nothing at "${formatPointer(path)}"`);
}

/** Copies within copies nest deeper with each operation, deeper than what walks them can bear. */
function assertShallow(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth <= 0) throw new Inapplicable(`the result would be nested deeper than ${maxDepth} levels`);
  for (const item of Object.values(value)) assertShallow(item, depth - 1);
}

/** Returns what was there. */
function remove(work: Work, path: Path): unknown {
  const step = path.at(-1);
  if (step === undefined) throw new Inapplicable("the whole document cannot be removed");
  const parent = read(work.document, path.slice(0, -1));
  if (Array.isArray(parent)) return parent.splice(indexIn(parent, step, parent.length - 1), 1)[0];
  if (!isRecord(parent) || !Object.hasOwn(parent, step)) {
    throw new Inapplicable(`there is nothing at "${formatPointer(path)}"`);
  }
  const removed = parent[step];
  delete parent[step];
  return removed;
}

function indexIn(list: readonly unknown[], step: string, last: number): number {
  const index = /^(0|[1-9][0-9]{0,8})$/.test(step) ? Number(step) : -1;
  if (index >= 0 && index <= last) return index;
  throw new Inapplicable(`the list of ${list.length} has no place "${step}"`);
}
