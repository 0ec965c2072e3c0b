import t from "tap";
import { throwsWith } from "../../testing/throws-with.ts";
import { type Attributes, readAttributes } from "./attributes.ts";

const read = (line: string): Attributes => {
  const [method = "", url = ""] = line.split(" ");
  const [path = "", query = ""] = url.split("?");
  return readAttributes({ method, path, query: new URLSearchParams(query) });
};
const shown = (line: string): string => {
  const found = read(line);
  if (found.type === "path") return `${found.verb} ${found.path}`;
  const { verb, group, resource, subresource, namespace, name } = found;
  return [verb, group, [resource, ...(subresource ? [subresource] : [])].join("/"), namespace, name].join(
    " ",
  );
};

t.test("a request line says verb, resource, namespace and name", async (t) => {
  const v1 = "/apis/ostler.dev/v1";
  const cases = [
    [`GET ${v1}/namespaces/a/virtualmachines/web`, "get ostler.dev virtualmachines a web"],
    [`HEAD ${v1}/namespaces/a/virtualmachines/web`, "get ostler.dev virtualmachines a web"],
    [`GET ${v1}/namespaces/a/virtualmachines`, "list ostler.dev virtualmachines a "],
    [`GET ${v1}/virtualmachines`, "list ostler.dev virtualmachines  "],
    [`GET ${v1}/virtualmachines?watch=1`, "watch ostler.dev virtualmachines  "],
    [`GET ${v1}/namespaces/a/virtualmachines/web?watch`, "watch ostler.dev virtualmachines a web"],
    [`POST ${v1}/namespaces/a/virtualmachines`, "create ostler.dev virtualmachines a "],
    [`PUT ${v1}/namespaces/a/virtualmachines/web`, "update ostler.dev virtualmachines a web"],
    [`PATCH ${v1}/namespaces/a/virtualmachines/web`, "patch ostler.dev virtualmachines a web"],
    [`DELETE ${v1}/namespaces/a/virtualmachines/web`, "delete ostler.dev virtualmachines a web"],
    [`DELETE ${v1}/namespaces/a/virtualmachines`, "deletecollection ostler.dev virtualmachines a "],
    [`PUT ${v1}/namespaces/a/virtualmachines/web/start`, "update ostler.dev virtualmachines/start a web"],
    [`GET ${v1}/namespaces/a/virtualmachines/web/a/b/`, "get ostler.dev virtualmachines/a/b a web"],
    [`GET ${v1}/hosts/h1/hostkey`, "get ostler.dev hosts/hostkey  h1"],
    [`POST ${v1}/plan`, "create ostler.dev plan  "],
    ["GET /api/v1/namespaces", "list  namespaces  "],
    ["GET /api/v1/namespaces/a", "get  namespaces a a"],
    ["PUT /api/v1/namespaces/a/status", "update  namespaces/status a a"],
    ["PUT /api/v1/namespaces/a/finalize", "update  namespaces/finalize a a"],
    ["GET /api/v1/namespaces/a/secrets", "list  secrets a "],
    ["GET /api/v1/namespaces/a/%73ecrets/x", "get  secrets a x"],
    ["GET /api/v1/secrets?fieldSelector=metadata.name%3Dx", "list  secrets  x"],
    ["GET /api/v1/secrets?fieldSelector=metadata.name%3Dx,type%3Dy", "list  secrets  "],
    ["GET /api/v1/secrets?fieldSelector=metadata.name!%3Dx", "list  secrets  "],
    ["GET /api/v1/secrets?fieldSelector=a%3Db&fieldSelector=metadata.name%3Dx", "list  secrets  "],
    ["GET /api/v1", "get /api/v1"],
    ["GET /api", "get /api"],
    ["GET /apis/", "get /apis"],
    [`GET ${v1}`, `get ${v1}`],
    ["GET /metrics", "get /metrics"],
    ["GET /%6detrics", "get /metrics"],
    ["POST /anything", "post /anything"],
    ["GET /", "get /"],
  ] as const;
  for (const [line, wanted] of cases) t.equal(shown(line), wanted, line);
});

t.test("a path that another reader could take for another is refused", async (t) => {
  const paths = [
    "//metrics",
    "/api//v1/x",
    "/a/../metrics",
    "/a/%2e%2e/metrics",
    "/a/./b",
    "/a%2fb",
    "/a#/b",
  ];
  for (const path of [...paths, "https://x/metrics", "/api/v1//", "/%ff", "/%"]) {
    throwsWith(t, () => read(`GET ${path}`), "BadRequest");
  }
});
