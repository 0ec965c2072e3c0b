import { StatusError } from "../../runtime/errors.ts";
import { groupResource } from "../../schema/kind.ts";
import { isRecord } from "../../schema/plain.ts";
import type { DeleteOptions, Preconditions } from "../../store/store.ts";
import { readJson } from "./body.ts";
import type { ApiRequest } from "./context.ts";
import { fieldOf, type JsonObject } from "./json.ts";
import { isTrue } from "./request-info.ts";
import { writeOptions } from "./write-options.ts";

type Propagation = NonNullable<DeleteOptions["propagation"]>;

const propagations: readonly Propagation[] = ["Background", "Foreground", "Orphan"];

/** What a deletion is told by its body, Kubernetes' DeleteOptions, or by its query. The body comes first. */
export function readDeleteRequest(request: ApiRequest): DeleteOptions {
  const body = request.body === "" ? {} : readJson(request);
  if (!isRecord(body)) throw new StatusError("BadRequest", "DeleteOptions must be a JSON object");
  const { dryRun } = writeOptions(request);
  const asked = body.dryRun ?? [];
  if (!Array.isArray(asked) || asked.some((value) => value !== "All")) {
    throw new StatusError("BadRequest", "dryRun must be All");
  }
  return {
    preconditions: readPreconditions(body.preconditions),
    dryRun: dryRun === true || asked.length > 0,
    propagation: readPropagation(request, body),
    gracePeriodSeconds: readSeconds(body.gracePeriodSeconds ?? request.query.get("gracePeriodSeconds")),
  };
}

function readPreconditions(value: unknown): Preconditions {
  return {
    uid: optionalText(value, "uid"),
    resourceVersion: optionalText(value, "resourceVersion"),
  };
}

function optionalText(value: unknown, name: string): string | undefined {
  const text = fieldOf(value, name);
  if (text === undefined || typeof text === "string") return text;
  throw new StatusError("BadRequest", `preconditions.${name} must be a string`);
}

/** `orphanDependents` is what old clients say instead. */
function readPropagation(request: ApiRequest, body: JsonObject): Propagation | undefined {
  const policy = body.propagationPolicy ?? request.query.get("propagationPolicy") ?? undefined;
  const orphan = body.orphanDependents ?? orphanInQuery(request.query.get("orphanDependents"));
  if (policy !== undefined && policy !== null && orphan !== undefined) {
    throw wrong(request, "propagationPolicy", "orphanDependents and propagationPolicy cannot both be set");
  }
  if (orphan !== undefined) {
    if (typeof orphan === "boolean") return orphan ? "Orphan" : "Background";
    throw new StatusError("BadRequest", "orphanDependents must be true or false");
  }
  if (policy === undefined || policy === null) return undefined;
  const known = propagations.find((propagation) => propagation === policy);
  if (known !== undefined) return known;
  throw wrong(request, "propagationPolicy", `supported values: ${propagations.join(", ")}`);
}

function orphanInQuery(text: string | null): boolean | undefined {
  return text === null ? undefined : isTrue(text);
}

function readSeconds(value: unknown): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const seconds = typeof value === "string" && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof seconds === "number" && Number.isSafeInteger(seconds)) return seconds;
  throw new StatusError("BadRequest", "gracePeriodSeconds must be a whole number of seconds");
}

function wrong({ info }: ApiRequest, field: string, message: string): StatusError {
  const text = `the options to delete ${groupResource(info.kind)} are invalid: ${field}: ${message}`;
  return new StatusError("Invalid", text, {
    causes: [{ field, message, reason: "FieldValueNotSupported" }],
  });
}
