import { deepEqual } from "../../runtime/equal.ts";
import { StatusError } from "../../runtime/errors.ts";
import { isRecord } from "../../schema/plain.ts";

/** RFC 7396: null removes, objects merge, everything else replaces. Neither argument is changed. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged = new Map(Object.entries(isRecord(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/**
 * The part of Kubernetes' strategic merge patch that equals a merge patch. Directives (`$patch` and others)
 * and lists, whose merge keys differ by field, are refused with `BadRequest`.
 */
export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  assertPlain(patch, "");
  return mergePatch(target, patch);
}

function assertPlain(patch: unknown, path: string): void {
  if (Array.isArray(patch) || path.includes("$")) {
    throw new StatusError(
      "BadRequest",
      `a strategic merge patch of "${path}" is not supported; use a merge patch (kubectl patch --type=merge)`,
    );
  }
  if (!isRecord(patch)) return;
  for (const [name, value] of Object.entries(patch)) {
    assertPlain(value, path === "" ? name : `${path}.${name}`);
  }
}

/**
 * RFC 6902: all operations or none. Throws `BadRequest` for a patch that is not one, and `Invalid` when an
 * operation does not apply (a failed `test` too), naming its index. Neither argument is changed.
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new StatusError("BadRequest", "a JSON patch must be a list of operations");
  if (patch.length > maxOperations) {
    throw new StatusError("BadRequest", `a JSON patch may have at most ${maxOperations} operations`);
  }
  return patch.reduce<unknown>((document, operation, index) => {
    try {
      return applyOperation(document, operation);
    } catch (cause) {
      if (!(cause instanceof Inapplicable)) throw cause;
      throw new StatusError(
        "Invalid",
        `the JSON patch does not apply: operation ${index}: ${cause.message}`,
        {
          cause,
        },
      );
    }
  }, target);
}

const maxOperations = 1000;

/** The document is not as the operation expects it. */
class Inapplicable extends Error {}

function applyOperation(document: unknown, operation: unknown): unknown {
  const op = isRecord(operation) ? operation.op : undefined;
  if (!isRecord(operation) || typeof op !== "string") {
    throw new StatusError("BadRequest", "each operation of a JSON patch needs an op and a path");
  }
  const path = pointerOf(operation.path);
  switch (op) {
    case "add":
      return write(document, path, "add", operation.value);
    case "replace":
      return write(document, path, "replace", operation.value);
    case "remove":
      return write(document, path, "remove", undefined);
    case "copy":
      return write(document, path, "add", read(document, pointerOf(operation.from)));
    case "move": {
      const from = pointerOf(operation.from);
      const moved = read(document, from);
      return write(write(document, from, "remove", undefined), path, "add", moved);
    }
    case "test":
      if (deepEqual(read(document, path), operation.value)) return document;
      throw new Inapplicable(`the value at "${String(operation.path)}" is not the one tested for`);
    default:
      throw new StatusError("BadRequest", `a JSON patch has no operation "${op.slice(0, 32)}"`);
  }
}

/** RFC 6901. */
function pointerOf(pointer: unknown): readonly string[] {
  if (typeof pointer !== "string" || (pointer !== "" && !pointer.startsWith("/"))) {
    throw new StatusError("BadRequest", "the path of a JSON patch must be empty or begin with /");
  }
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (steps.includes("__proto__")) throw new StatusError("BadRequest", "a path may not name a prototype");
  return steps;
}

function read(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[indexIn(at, step, at.length - 1)];
    if (isRecord(at) && Object.hasOwn(at, step)) return at[step];
    throw new Inapplicable(`there is nothing at "/${path.join("/")}"`);
  }, document);
}

type Change = "add" | "replace" | "remove";

/** A copy of the document, changed at `path`. */
function write(document: unknown, path: readonly string[], change: Change, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    if (change === "remove") throw new Inapplicable("the whole document cannot be removed");
    return value;
  }
  if (rest.length > 0) return replaceStep(document, step, write(read(document, [step]), rest, change, value));
  if (Array.isArray(document)) return changeItem(document, step, change, value);
  if (!isRecord(document)) throw new Inapplicable(`there is no object to hold "${step}"`);
  if (change !== "add" && !Object.hasOwn(document, step)) throw new Inapplicable(`there is no "${step}"`);
  const { [step]: _removed, ...others } = document;
  return change === "remove" ? others : { ...document, [step]: value };
}

function replaceStep(document: unknown, step: string, value: unknown): unknown {
  return Array.isArray(document)
    ? document.with(indexIn(document, step, document.length - 1), value)
    : { ...(isRecord(document) ? document : {}), [step]: value };
}

function changeItem(list: readonly unknown[], step: string, change: Change, value: unknown): unknown {
  switch (change) {
    case "add":
      return list.toSpliced(step === "-" ? list.length : indexIn(list, step, list.length), 0, value);
    case "replace":
      return list.with(indexIn(list, step, list.length - 1), value);
    case "remove":
      return list.toSpliced(indexIn(list, step, list.length - 1), 1);
  }
}

function indexIn(list: readonly unknown[], step: string, last: number): number {
  const index = /^(0|[1-9][0-9]{0,8})$/.test(step) ? Number(step) : -1;
  if (index >= 0 && index <= last) return index;
  throw new Inapplicable(`the list of ${list.length} has no place "${step}"`);
}
