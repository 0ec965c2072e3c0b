import type { Kind } from "../../schema/kind.ts";
import { verbsOf } from "./discovery.ts";
import type { JsonObject } from "./json.ts";
import { componentName, kindRef, refTo, sharedName } from "./openapi-components.ts";
import { pathOf, type Verb } from "./request-info.ts";
import { subresourcesOf } from "./subresources.ts";

/** The paths of a kind and what may be done there, as far as clients read it: not every answer is listed. */
export function pathsOf(kind: Kind): JsonObject {
  const collection = decodeURIComponent(pathOf(kind, kind.namespaced ? "{namespace}" : undefined));
  const object = `${collection}/{name}`;
  const place = kind.namespaced ? [namespaceParameter] : [];
  const named = [nameParameter, ...place];
  const paths: [string, JsonObject][] = [
    [collection, pathItem(kind, ["list", "create", "deletecollection"], place)],
    [object, pathItem(kind, ["get", "update", "patch", "delete"], named)],
    ...subresourcesOf(kind).map(({ name, verbs, kind: own }): [string, JsonObject] => [
      `${object}/${name}`,
      { ...operationsOf(kind, verbs, { subresource: name, shown: own }), parameters: named },
    ]),
  ];
  if (kind.namespaced) paths.push([pathOf(kind), pathItem(kind, ["list"], [], "ForAllNamespaces")]);
  return Object.fromEntries(paths.filter(([, item]) => Object.keys(item).length > 1));
}

function pathItem(
  kind: Kind,
  verbs: readonly Verb[],
  parameters: readonly JsonObject[],
  suffix = "",
): JsonObject {
  const served = verbs.filter((verb) => verbsOf(kind).includes(verb));
  return { ...operationsOf(kind, served, { suffix }), parameters };
}

interface Part {
  readonly subresource?: string;
  /** What it looks like, unless like the object itself. */
  readonly shown?: Kind | undefined;
  readonly suffix?: string;
}

function operationsOf(kind: Kind, verbs: readonly Verb[], part: Part): JsonObject {
  return Object.fromEntries(verbs.map((verb) => [methods[verb], operation(kind, verb, part)]));
}

const methods: Readonly<Record<Verb, string>> = {
  get: "get",
  list: "get",
  watch: "get",
  create: "post",
  update: "put",
  patch: "patch",
  delete: "delete",
  deletecollection: "delete",
};

/** Kubernetes' words for the verbs, in operations. */
const actions: Readonly<Record<Verb, string>> = {
  get: "get",
  list: "list",
  watch: "watchlist",
  create: "post",
  update: "put",
  patch: "patch",
  delete: "delete",
  deletecollection: "deletecollection",
};

function operation(
  kind: Kind,
  verb: Verb,
  { subresource = "", shown = kind, suffix = "" }: Part,
): JsonObject {
  const scope = kind.namespaced ? "Namespaced" : "";
  const answered = verb === "list" ? `${componentName(kind)}List` : componentName(shown);
  const deletes = verb === "delete" || verb === "deletecollection";
  const schema = refTo(deletes ? sharedName("Status") : answered);
  const group = capital(kind.group.split(".")[0] || "core");
  return {
    description: `${verb} ${kind.plural}${subresource === "" ? "" : `/${subresource}`}`,
    operationId: [verb, group, capital(kind.version), scope, kind.kind, capital(subresource), suffix].join(
      "",
    ),
    tags: [`${group.toLowerCase()}_${kind.version}`],
    "x-kubernetes-action": actions[verb],
    "x-kubernetes-group-version-kind": kindRef(shown),
    parameters: (parametersOf[verb] ?? []).map(queryParameter),
    ...bodyOf(shown, verb),
    responses: { 200: { description: "OK", content: { "application/json": { schema } } } },
  };
}

function bodyOf(kind: Kind, verb: Verb): JsonObject {
  const content = (types: readonly string[], schema: JsonObject): JsonObject => ({
    requestBody: {
      required: verb !== "delete" && verb !== "deletecollection",
      content: Object.fromEntries(types.map((type) => [type, { schema }])),
    },
  });
  switch (verb) {
    case "create":
    case "update":
      return content(["application/json", "application/yaml"], refTo(componentName(kind)));
    case "patch":
      return content(patchTypes, refTo(sharedName("Patch")));
    case "delete":
    case "deletecollection":
      return content(["application/json"], refTo(sharedName("DeleteOptions")));
    default:
      return {};
  }
}

const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
] as const;

type QueryParameter = keyof typeof queryParameters;

const writes = ["dryRun", "fieldManager", "fieldValidation"] as const;
const selects = ["labelSelector", "fieldSelector", "limit", "continue", "resourceVersion"] as const;

/** kubectl looks for `fieldValidation` of a PATCH to know that the server checks fields. */
const parametersOf: Readonly<Partial<Record<Verb, readonly QueryParameter[]>>> = {
  list: [
    ...selects,
    "resourceVersionMatch",
    "watch",
    "allowWatchBookmarks",
    "sendInitialEvents",
    "timeoutSeconds",
  ],
  create: writes,
  update: writes,
  patch: [...writes, "force"],
  delete: ["dryRun", "gracePeriodSeconds", "propagationPolicy"],
  deletecollection: [...selects, "dryRun", "gracePeriodSeconds", "propagationPolicy"],
};

const queryParameters = {
  allowWatchBookmarks: ["boolean", "Tell now and then up to which revision all has been told."],
  continue: ["string", "The next page of a list: what the page before gave."],
  dryRun: ["string", "All: answer as if, and write nothing."],
  fieldManager: ["string", "Who owns what this changes; the client's name when not given."],
  fieldSelector: ["string", "Only objects with these fields."],
  fieldValidation: ["string", "What becomes of unknown fields: Ignore, Warn or Strict."],
  force: ["boolean", "Take over what other managers own."],
  gracePeriodSeconds: ["integer", "Taken and not used."],
  labelSelector: ["string", "Only objects with these labels."],
  limit: ["integer", "At most so many objects; the rest follows in pages."],
  propagationPolicy: ["string", "What becomes of what depends on the object."],
  resourceVersion: ["string", "As of this revision, or after it."],
  resourceVersionMatch: ["string", "Exact or NotOlderThan."],
  sendInitialEvents: ["boolean", "Begin a watch with everything there is."],
  timeoutSeconds: ["integer", "How long to watch."],
  watch: ["boolean", "Tell what happens instead of what is."],
} as const;

function queryParameter(name: QueryParameter): JsonObject {
  const [type, description] = queryParameters[name];
  return { name, in: "query", description, schema: { type, uniqueItems: true } };
}

const nameParameter = pathParameter("name", "The name of the object.");
const namespaceParameter = pathParameter("namespace", "The namespace of the object.");

function pathParameter(name: string, description: string): JsonObject {
  return { name, in: "path", description, required: true, schema: { type: "string", uniqueItems: true } };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
