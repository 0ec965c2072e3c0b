import type { Kind } from "../schema/kind.ts";
import type { ObjectKey } from "../schema/meta.ts";
import { kindNamed, kinds } from "../schema/scheme.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { UsageError } from "./exit-codes.ts";

/** What a command is about: a kind, and perhaps some objects of it by name. */
export interface Target {
  readonly kind: Kind;
  readonly names: readonly string[];
}

/** `vm`, `vm web other` and `vm/web` all name a target; `vm/web vm/other` too. */
export function parseTarget([first, ...rest]: readonly string[]): Target {
  if (first === undefined) throw new UsageError(`say which kind: ${kindNames()}`);
  if (!first.includes("/")) return { kind: namedKind(first), names: rest };
  const pairs = [first, ...rest].map((text) => text.split("/"));
  const [kindName = ""] = pairs[0] ?? [];
  const names = pairs.map(([other, name, ...more]) => {
    if (other === kindName && name !== undefined && name !== "" && more.length === 0) return name;
    throw new UsageError("give objects as KIND/NAME, all of one kind");
  });
  return { kind: namedKind(kindName), names };
}

/** As `parseTarget`; `vm,images` is a target for each kind, and `all` for each kind of Ostler's own. */
export function parseTargets(words: readonly string[]): readonly Target[] {
  const [first = "", ...names] = words;
  if (first !== "all" && !first.includes(",")) return [parseTarget(words)];
  if (names.length > 0) throw new UsageError("names go with one kind; give KIND NAME... or KIND/NAME...");
  const listed = first === "all" ? kinds.filter(isOwn) : first.split(",").map(namedKind);
  return [...new Set(listed)].map((kind) => ({ kind, names: [] }));
}

/** A target with exactly one object. */
export function parseObject(words: readonly string[]): { readonly kind: Kind; readonly name: string } {
  const { kind, names } = parseTarget(words);
  const [name, ...more] = names;
  if (name === undefined || more.length > 0)
    throw new UsageError(`name one ${kind.singular}: ${kind.singular}/NAME`);
  return { kind, name };
}

/** The key of an object by its name: namespaced kinds are in `namespace`. */
export function keyIn(kind: Kind, namespace: string, name: string): ObjectKey {
  return kind.namespaced ? { namespace, name } : { name };
}

/** How a line about an object begins: `virtualmachine/web`. */
export function labelOf(kind: Kind, name: string): string {
  return `${kind.singular}/${name}`;
}

function isOwn({ group }: Kind): boolean {
  return group === VirtualMachineKind.group;
}

function namedKind(name: string): Kind {
  const kind = kindNamed(name);
  if (kind === undefined) throw new UsageError(`there is no kind "${name}"; there are ${kindNames()}`);
  return kind;
}

function kindNames(): string {
  return kinds.map((kind) => [kind.singular, ...kind.shortNames].join("|")).join(", ");
}
