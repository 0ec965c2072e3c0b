import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Kind } from "../../schema/kind.ts";
import { aggregatedDiscovery, coreVersions, groupList, groupNamed, resourceList } from "./discovery.ts";
import type { JsonObject } from "./json.ts";
import { chooseDiscovery } from "./negotiation.ts";
import { openApiRoutes } from "./openapi-routes.ts";
import { nothingHere } from "./request-info.ts";

/** The Kubernetes version whose clients we answer like. */
const likeKubernetes = { major: "1", minor: "32", gitVersion: "v1.32.0+ostler" } as const;

/** What is served and what it looks like: `/version`, discovery, OpenAPI. */
export function discoveryRoutes(app: FastifyInstance, kinds: readonly Kind[], version: string): void {
  app.get("/version", () => ({ ...likeKubernetes, platform: "linux", ostlerVersion: version }));
  app.get("/api", (request, reply) => sendDiscovery(kinds, "core", request, reply));
  app.get("/apis", (request, reply) => sendDiscovery(kinds, "named", request, reply));
  app.get("/api/v1", () => found(resourceList(kinds, "v1")));
  app.get<{ Params: { group: string } }>("/apis/:group", ({ params }) =>
    found(groupNamed(kinds, params.group)),
  );
  app.get<{ Params: { group: string; version: string } }>("/apis/:group/:version", ({ params }) =>
    found(resourceList(kinds, `${params.group}/${params.version}`)),
  );
  openApiRoutes(app, kinds);
}

function sendDiscovery(
  kinds: readonly Kind[],
  part: "core" | "named",
  request: FastifyRequest,
  reply: FastifyReply,
): JsonObject {
  reply.header("vary", "Accept");
  const version = chooseDiscovery(request.headers.accept);
  if (version === undefined) return part === "core" ? coreVersions(kinds) : groupList(kinds);
  reply.header(
    "content-type",
    `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
  );
  return aggregatedDiscovery(kinds, part, version);
}

function found(object: JsonObject | undefined): JsonObject {
  if (object === undefined) throw nothingHere();
  return object;
}
