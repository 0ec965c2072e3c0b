import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { StatusError } from "../../runtime/errors.ts";
import type { Logger } from "../../runtime/logger.ts";
import { onDemand } from "../../runtime/on-demand.ts";
import type { Kind } from "../../schema/kind.ts";
import type { Resource } from "../../schema/meta.ts";
import type { Caller } from "../auth/access.ts";
import { checkEscalation } from "../auth/escalation.ts";
import { GuardedStore } from "../auth/guarded-store.ts";
import { ConsoleDesk } from "../console/console-desk.ts";
import { isConsole } from "../console/console-request.ts";
import { insteadOf, refusedPartsOf } from "../facade/instead.ts";
import type { AuditedObject } from "../request-audit.ts";
import { Upgrades } from "../upgrades.ts";
import type { Answer, ApiContext, ApiRequest } from "./context.ts";
import { handleDelete, handleDeleteCollection } from "./delete.ts";
import { isDestructive } from "./destructive.ts";
import { verbsOf } from "./discovery.ts";
import { handleHostFence, isHostFence } from "./host-fence.ts";
import { handleHostKey, isHostKey } from "./host-key.ts";
import { isCertificateRequest, issueCertificate } from "./issue-certificate.ts";
import { assertTakesJson, chooseRepresentation } from "./negotiation.ts";
import { decodeProtobuf } from "./protobuf/decode.ts";
import { handleGet, handleList } from "./read.ts";
import { notAllowed, nothingHere, parseRequest, type RequestInfo, type Verb } from "./request-info.ts";
import { handleReview, isReview } from "./reviews.ts";
import { handleScale, isScale } from "./scale.ts";
import { SharedFrames } from "./shared-frames.ts";
import { sendInSlices } from "./slices.ts";
import { type Change, sourceWarnings } from "./source-warnings.ts";
import { subresourcesOf } from "./subresources.ts";
import { ViewStore, viewKinds } from "./view-store.ts";
import { warningHeader } from "./warnings.ts";
import { planWatch, serveWatch } from "./watch.ts";
import { handleCreate, handlePatch, handleUpdate } from "./write.ts";

/** A Secret or ConfigMap with all that one may hold, in base64. */
const writeBodyBytes = 2 * 1024 * 1024;
const otherBodyBytes = 256 * 1024;

/** For the few who ask for YAML. */
const yaml = onDemand<typeof import("../../schema/yaml-text.ts")>(
  import.meta.url,
  "../../schema/yaml-text.ts",
);

/** How long a closing server waits for its watches to say goodbye. */
const goodbyeMs = 1000;

/** Everything under `/api/` and `/apis/` that is about objects. Closing the server ends what stays open. */
export function resourceRoutes(
  app: FastifyInstance,
  context: ApiContext & { readonly logger: Logger },
): void {
  const kinds = [...context.kinds, ...viewKinds];
  const frames = new SharedFrames(context.store);
  const views = { ...context, store: new ViewStore(context.store, context.kinds, () => context.clock.now()) };
  const closing = new AbortController();
  const watches = new Set<Promise<void>>();
  const consoles = new ConsoleDesk({ context, upgrades: new Upgrades(app), logger: context.logger });
  app.addHook("preClose", async () => {
    closing.abort();
    const enough = Promise.withResolvers<void>();
    const timer = context.clock.after(goodbyeMs, enough.resolve);
    await Promise.race([Promise.all([...watches, consoles.close()]), enough.promise]);
    timer.cancel();
  });
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { accept } = request.headers;
    chooseRepresentation(accept);
    const apiRequest = apiRequestOf(kinds, request);
    await writeDownFirst(context, request, apiRequest);
    if (isConsole(apiRequest.info)) return consoles.serve(apiRequest, reply);
    const { verb, kind } = apiRequest.info;
    const isView = viewKinds.includes(kind);
    const shown = isView ? views : context;
    if (verb !== "watch") {
      const changes: Change[] = [];
      const answered = await answer(forCaller(shown, request, apiRequest, changes), apiRequest);
      if (changes.length === 0) return send(context, reply, answered);
      const warnings = [...(answered.warnings ?? []), ...(await sourceWarnings(context.store, changes))];
      return send(context, reply, { ...answered, warnings });
    }
    assertTakesJson(accept);
    const plan = planWatch(shown, apiRequest);
    reply.hijack();
    const headers = watchHeaders(reply);
    const shared = isView ? new SharedFrames(shown.store) : frames;
    const output = { response: reply.raw, headers, frames: shared, closing: closing.signal };
    const watch = serveWatch(shown, apiRequest, plan, output);
    watches.add(watch);
    await watch.finally(() => watches.delete(watch));
    return reply;
  };
  for (const url of ["/api/*", "/apis/*"]) {
    app.route({ method: ["GET", "DELETE"], url, bodyLimit: otherBodyBytes, handler: handle });
    app.route({ method: ["POST", "PUT", "PATCH"], url, bodyLimit: writeBodyBytes, handler: handle });
  }
}

function answer(context: ApiContext, request: ApiRequest): Promise<Answer> {
  if (isCertificateRequest(request.info)) return issueCertificate(context, request);
  if (isReview(request.info)) return handleReview(context, request);
  if (isHostKey(request.info)) return handleHostKey(context, request);
  if (isScale(request.info)) return handleScale(context, request);
  if (isHostFence(request.info)) return handleHostFence(context, request);
  switch (request.info.verb) {
    case "get":
      return handleGet(context, request);
    case "list":
      return handleList(context, request);
    case "create":
      return handleCreate(context, request);
    case "update":
      return handleUpdate(context, request);
    case "patch":
      return handlePatch(context, request);
    case "delete":
      return handleDelete(context, request);
    case "deletecollection":
      return handleDeleteCollection(context, request);
    case "watch":
      throw new StatusError("InternalError", "a watch has no single answer");
  }
}

/** What cannot be undone is on the disk of the audit log before it is done, with the object as it is then. */
async function writeDownFirst(
  { records, store }: ApiContext,
  request: FastifyRequest,
  { info, query }: ApiRequest,
): Promise<void> {
  if (records === undefined || !isDestructive(info) || query.has("dryRun")) return;
  const { kind, namespace, name } = info;
  const isStored = name !== undefined && !viewKinds.includes(kind);
  const before = isStored ? await store.get(kind, { namespace, name }) : undefined;
  await records.before(request, auditedObject(before, undefined));
}

function auditedObject(before: Resource | undefined, after: Resource | undefined): AuditedObject {
  const { name, uid } = (after ?? before)?.metadata ?? {};
  const oldVersion = before?.metadata.resourceVersion;
  return { name, uid, oldVersion, newVersion: after?.metadata.resourceVersion };
}

/** The context of one caller, in whose name it is written; what is written is added to `changes`. */
function forCaller(
  context: ApiContext,
  request: FastifyRequest,
  { info, user }: ApiRequest,
  changes: Change[],
): ApiContext {
  const { access } = context;
  const attributes = request.caller?.attributes;
  if (info.verb === "get" || info.verb === "list" || attributes?.type !== "resource") return context;
  const store = new GuardedStore(
    context.store,
    (verb, kind, resource) => {
      // A patch may make an object, and then takes what making it takes.
      if (verb === "create" && info.verb !== "create") access.demand(user, { ...attributes, verb });
      checkEscalation(access, user, kind, resource);
    },
    (kind, before, after) => {
      changes.push({ kind, before, after });
      const object = auditedObject(before, after);
      if (info.verb === "deletecollection") context.records?.object(request, object);
      else request.audited = object;
    },
  );
  return { ...context, store };
}

function apiRequestOf(kinds: readonly Kind[], request: FastifyRequest): ApiRequest {
  const { method, url, user, caller, headers, body } = request;
  if (user === undefined || caller === undefined) throw new StatusError("Unauthorized", "Unauthorized");
  const { query } = caller;
  const info = parseRequest(kinds, { method, path: pathOf(url), query }, partsOf);
  assertVerb(info);
  assertAllowed(info, caller);
  const { group, plural, kind } = info.kind;
  const learnName = (name: string | undefined): void => {
    request.subject = { name, group, resource: plural, kind };
  };
  learnName(info.name);
  return { info, query, headers, user, body: textOf(body), learnName };
}

/** Only protobuf is no text: of it handlers are given the JSON that it stands for. */
function textOf(body: unknown): string {
  if (body instanceof Uint8Array) return JSON.stringify(decodeProtobuf(body));
  return typeof body === "string" ? body : "";
}

function pathOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? url : url.slice(0, at);
}

/** Throws unless what is about to be done is what was allowed: two readers of one request must agree. */
function assertAllowed({ kind, verb, ...place }: RequestInfo, { attributes }: Caller): void {
  const same =
    attributes.type === "resource" &&
    attributes.verb === verb &&
    attributes.group === kind.group &&
    attributes.resource === kind.plural &&
    attributes.subresource === place.subresource &&
    (place.name === undefined || attributes.name === place.name) &&
    (!kind.namespaced || attributes.namespace === place.namespace);
  if (!same) throw new StatusError("Forbidden", "the request can be read in several ways");
}

function partsOf(kind: Kind): readonly { readonly name: string }[] {
  return [...subresourcesOf(kind), ...refusedPartsOf(kind)];
}

function assertVerb(info: RequestInfo): void {
  const { kind, subresource, verb } = info;
  const found = subresourcesOf(kind).find((known) => known.name === subresource);
  if (subresource !== undefined && found === undefined) throw insteadOf(info) ?? nothingHere();
  const allowed: readonly Verb[] = found?.verbs ?? verbsOf(kind);
  if (allowed.includes(verb)) return;
  throw insteadOf(info) ?? notAllowed();
}

/** JSON is YAML too: only what people may read is written anew, which takes long. */
const maxYamlCharacters = 256 * 1024;

function send({ clock }: ApiContext, reply: FastifyReply, answer: Answer): FastifyReply {
  const { code, text, warnings = [], objects } = answer;
  if (objects !== undefined) reply.request.admitted?.learn(objects);
  const warning = warningHeader(warnings);
  if (warning !== undefined) reply.header("warning", warning);
  reply.code(code).header("vary", "Accept");
  if (chooseRepresentation(reply.request.headers.accept).encoding === "yaml") {
    const pieces = typeof text === "string" ? [text] : text;
    const slicing = { clock, characters: maxYamlCharacters, short: yamlOf };
    return sendInSlices(reply.type("application/yaml"), pieces, slicing);
  }
  reply.type("application/json");
  return typeof text === "string" ? reply.send(text) : sendInSlices(reply, text, { clock });
}

function yamlOf(json: string): string {
  return json.length <= maxYamlCharacters ? yaml().yamlText(JSON.parse(json)) : json;
}

function watchHeaders(reply: FastifyReply): Readonly<Record<string, string>> {
  const given = Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(given), "content-type": "application/json", vary: "Accept" };
}
