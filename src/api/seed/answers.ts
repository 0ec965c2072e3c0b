import { assertNever } from "../../runtime/errors.ts";

/** The calls of the flat API. */
export type SeedCall =
  | "vm/create"
  | "vm/query"
  | "vm/destroy"
  | "vm/types"
  | "image/list"
  | "pm/list"
  | "pm/listvms"
  | "pm/query"
  | "volume/create"
  | "volume/query"
  | "volume/destroy"
  | "volume/attach"
  | "volume/detach";

/** How failures look where the definition says only "0": the number itself, or `{"vmid": 0}` and the like. */
export type ErrorShape = "zero" | "keyed";

/** What a call that failed answers. `undefined`: there is no such call. `id` is what was asked about. */
export function failureOf(call: SeedCall | undefined, shape: ErrorShape, id = ""): unknown {
  switch (call) {
    case "vm/create":
      return { vmid: 0 };
    case "volume/create":
      return { volumeid: 0 };
    case "volume/query":
      return { error: `volumeid : ${id} does not exist` };
    case "vm/destroy":
    case "volume/destroy":
    case "volume/attach":
    case "volume/detach":
      return { status: 0 };
    case "vm/query":
    case "vm/types":
    case "image/list":
    case "pm/list":
    case "pm/listvms":
    case "pm/query":
      return shape === "zero" ? 0 : { [keys[call]]: 0 };
    case undefined:
      return 0;
    default:
      return assertNever(call);
  }
}

const keys = {
  "vm/query": "vmid",
  "vm/types": "types",
  "image/list": "images",
  "pm/list": "pmids",
  "pm/listvms": "vmids",
  "pm/query": "pmid",
} as const;
