import { StatusError } from "../../../runtime/errors.ts";
import { apiVersionOf } from "../../../schema/kind.ts";
import { isRecord } from "../../../schema/plain.ts";
import type { ApiRequest } from "../context.ts";
import { fieldOf, parseJson } from "../json.ts";
import { readShortYaml } from "../short-yaml.ts";
import { problemsOf } from "./configuration.ts";
import { objectTypeOf } from "./field-type.ts";

const maxShown = 32;
/** Each is looked up, merged, compared and owned: more of them would hold up everybody. */
const maxValues = 20_000;

/** The object that is applied, in YAML or JSON, whose lists and fields can be merged. Throws `BadRequest`. */
export function readApplied({ info, body }: ApiRequest): Readonly<Record<string, unknown>> {
  const { kind, namespace, name = "" } = info;
  const value = parseBody(body);
  if (!isRecord(value)) throw new StatusError("BadRequest", "what is applied must be an object");
  if (fieldOf(value.metadata, "managedFields") !== undefined) {
    throw new StatusError("BadRequest", "metadata.managedFields must be nil");
  }
  if (countValues(value) > maxValues) {
    throw new StatusError("BadRequest", `what is applied may hold at most ${maxValues} values`);
  }
  const metadata = value.metadata ?? {};
  if (!isRecord(metadata)) throw new StatusError("BadRequest", "metadata must be an object");
  const problems = problemsOf(objectTypeOf(kind), value);
  if (problems.length === 0) return { ...value, metadata: { name, ...metadata } };
  const key = namespace === undefined ? name : `${namespace}/${name}`;
  const [only = ""] = problems;
  const shown = problems.slice(0, maxShown).map((problem) => `\n  ${problem}`);
  throw new StatusError(
    "BadRequest",
    `failed to create typed patch object (${key}; ${apiVersionOf(kind)}, Kind=${kind.kind}): ` +
      (problems.length === 1 ? only : `errors:${shown.join("")}`),
  );
}

function countValues(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((count, item) => count + countValues(item), 1);
}

function parseBody(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    // Not JSON: YAML. What is JSON and refused stays refused.
    if (!(error instanceof StatusError && error.cause instanceof SyntaxError)) throw error;
  }
  const documents = readShortYaml(text);
  const [document] = documents;
  if (documents.length !== 1 || document === undefined) {
    throw new StatusError("BadRequest", `an apply needs one object, the body has ${documents.length}`);
  }
  if (document.type === "document") return document.value;
  throw new StatusError("BadRequest", `error decoding YAML: ${document.message}`);
}
