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

/**
 * `vm`, `vm web other`, `vm/web` and `vm/web volume/data` name targets, one for each kind; `vm,images` is a
 * target for each kind, and `all` for each kind of Ostler's own.
 */
export function parseTargets(words: readonly string[]): readonly Target[] {
  const [first, ...names] = words;
  if (first === undefined) throw new UsageError(`say which kind: ${kindNames()}`);
  if (first.includes("/")) return byKind(words.map(parsePair));
  if (first !== "all" && !first.includes(",")) return [{ kind: namedKind(first), names }];
  if (names.length > 0) throw new UsageError("names go with one kind; give KIND NAME... or KIND/NAME...");
  const listed = first === "all" ? kinds.filter(isOwn) : first.split(",").map(namedKind);
  return [...new Set(listed)].map((kind) => ({ kind, names: [] }));
}

/** As `parseTargets`, each with at least one object; `verb` is what is done to them. */
export function parseObjects(words: readonly string[], verb: string): readonly Target[] {
  const targets = parseTargets(words);
  const bare = targets.find(({ names }) => names.length === 0);
  if (bare !== undefined) throw new UsageError(`name the ${bare.kind.plural} to ${verb}`);
  return targets;
}

/** A target with exactly one object. */
export function parseObject(words: readonly string[]): { readonly kind: Kind; readonly name: string } {
  const [target, ...others] = parseTargets(words);
  const [name, ...more] = target?.names ?? [];
  if (target !== undefined && name !== undefined && more.length + others.length === 0) {
    return { kind: target.kind, name };
  }
  const what = target?.kind.singular ?? "KIND";
  throw new UsageError(`name one ${what}: ${what}/NAME`);
}

function parsePair(text: string): { readonly kind: Kind; readonly name: string } {
  const [kindName = "", name = "", ...more] = text.split("/");
  if (name === "" || more.length > 0) throw new UsageError("give objects as KIND NAME... or KIND/NAME...");
  return { kind: namedKind(kindName), name };
}

/** In the order in which the kinds come first. */
function byKind(pairs: readonly { readonly kind: Kind; readonly name: string }[]): readonly Target[] {
  const names = new Map<Kind, readonly string[]>();
  for (const { kind, name } of pairs) names.set(kind, [...(names.get(kind) ?? []), name]);
  return [...names].map(([kind, those]) => ({ kind, names: those }));
}

/** The key of an object by its name: namespaced kinds are in `namespace`. */
export function keyIn(kind: Kind, namespace: string, name: string): ObjectKey {
  return kind.namespaced ? { namespace, name } : { name };
}

/** The name in `NAME` or `vm/NAME`, where only one kind can be meant. */
export function nameOf(kind: Kind, word: string): string {
  const [kindName = "", name, ...more] = word.split("/");
  if (name === undefined) return word;
  if (name !== "" && more.length === 0 && kindNamed(kindName) === kind) return name;
  const [short = kind.singular] = kind.shortNames;
  throw new UsageError(`${word} is no ${kind.kind}; give NAME or ${short}/NAME`);
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
