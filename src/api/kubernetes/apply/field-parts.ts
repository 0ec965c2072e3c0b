import { compose, type Fields } from "./fields.ts";

/** Names of labels and items are anybody's choice: what was learnt is forgotten before it is too much. */
const maxKnown = 5000;

let first: FieldParts | undefined;
let known = 0;

/**
 * The parts of a set of fields, found one after another. Who finds the same ones in the same order comes to
 * the same parts, and so to the very same tree: objects of one shape share it, and it is built once.
 */
export class FieldParts {
  readonly #before: FieldParts | undefined;
  readonly #element: string;
  readonly #fields: Fields;
  #next: Map<string, Map<Fields, FieldParts>> | undefined;
  #alone: Fields | undefined;
  #withParent: Fields | undefined;

  constructor(before?: FieldParts, element = "", fields: Fields = {}) {
    this.#before = before;
    this.#element = element;
    this.#fields = fields;
    known += 1;
  }

  /** These and one more. */
  with(element: string, fields: Fields): FieldParts {
    this.#next ??= new Map();
    const alike = this.#next.get(element);
    const found = alike?.get(fields);
    if (found !== undefined) return found;
    const parts = new FieldParts(this, element, fields);
    if (alike === undefined) this.#next.set(element, new Map([[fields, parts]]));
    else alike.set(fields, parts);
    return parts;
  }

  /** The set of these and, if `member`, their parent. */
  tree(member: boolean): Fields | undefined {
    if (member) {
      this.#withParent ??= compose(true, this.#all());
      return this.#withParent;
    }
    this.#alone ??= compose(false, this.#all());
    return this.#alone;
  }

  #all(): Record<string, Fields> {
    const all: (readonly [string, Fields])[] = [];
    for (let parts: FieldParts = this; parts.#before !== undefined; parts = parts.#before) {
      all.push([parts.#element, parts.#fields]);
    }
    return Object.fromEntries(all.reverse());
  }
}

/** Where every set begins. */
export function noParts(): FieldParts {
  if (first === undefined || known > maxKnown) {
    known = 0;
    first = new FieldParts();
  }
  return first;
}
