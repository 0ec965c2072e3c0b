import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { StatusError } from "../../runtime/errors.ts";
import { onDemand } from "../../runtime/on-demand.ts";
import type { Kind } from "../../schema/kind.ts";
import { parseAccept } from "./negotiation.ts";
import type { OpenApiDocument } from "./openapi.ts";
import { nothingHere } from "./request-info.ts";

const { url } = import.meta;
const openApi = onDemand<typeof import("./openapi.ts")>(url, "./openapi.ts");
const swagger = onDemand<typeof import("./swagger.ts")>(url, "./swagger.ts");
const protobuf = onDemand<typeof import("./protobuf/swagger-writer.ts")>(url, "./protobuf/swagger-writer.ts");

/** What clients ask for, and what it is called since somebody saw that a media type has no `@`. */
const protobufV2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const protobufV2Asked: ReadonlySet<string> = new Set([protobufV2, protobufV2.replace(".v2.v1", ".v2@v1")]);

interface Body {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/** `/openapi/v3` and `/openapi/v2`. Made when first asked for, and once: it takes longer than a start may. */
export function openApiRoutes(app: FastifyInstance, kinds: readonly Kind[]): void {
  const v3 = once(() => openApi().openApiDocuments(kinds));
  const v2 = once(() => swagger().toSwagger(openApi().documentOf(kinds)));
  const asJson = once(() => bodyOf(Buffer.from(JSON.stringify(v2()))));
  const asProtobuf = once(() => bodyOf(protobuf().writeSwagger(v2())));
  app.get("/openapi/v3", () => openApi().openApiIndex(v3()));
  app.get<{ Params: { "*": string }; Querystring: { hash?: string } }>("/openapi/v3/*", (request, reply) => {
    const document = v3().get(request.params["*"]);
    if (document === undefined) throw nothingHere();
    return sendV3(reply, document, request.query.hash);
  });
  app.get("/openapi/v2", (request, reply) => {
    const type = chooseV2(request.headers.accept);
    reply.header("vary", "Accept").type(type);
    return sendOnce(request, reply, type === protobufV2 ? asProtobuf() : asJson());
  });
}

/** Under the address that names its hash a document never changes. */
function sendV3(reply: FastifyReply, document: OpenApiDocument, hash: string | undefined): FastifyReply {
  reply.type("application/json").header("etag", `"${document.hash}"`).header("vary", "Accept");
  if (hash === document.hash) reply.header("cache-control", "public, immutable, max-age=31536000");
  return reply.send(document.text);
}

/** Not at all to who has it. */
function sendOnce(request: FastifyRequest, reply: FastifyReply, { bytes, etag }: Body): FastifyReply {
  reply.header("etag", etag);
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  return reply.send(bytes);
}

/** client-go takes nothing but protobuf, others nothing but JSON. */
function chooseV2(accept: string | undefined): string {
  for (const { type } of parseAccept(accept)) {
    if (protobufV2Asked.has(type)) return protobufV2;
    if (type === "application/json" || type === "application/*" || type === "*/*") return "application/json";
  }
  throw new StatusError("NotAcceptable", `accepted media types include: application/json, ${protobufV2}`);
}

function bodyOf(bytes: Uint8Array): Body {
  return { bytes, etag: `"${openApi().hashOf(bytes)}"` };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
