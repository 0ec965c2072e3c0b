import t from "tap";
import { throwsWith } from "../../testing/throws-with.ts";
import { chooseDiscovery, chooseView, parseAccept } from "./negotiation.ts";

t.test("alternatives are tried in the order of preference, then as written", async (t) => {
  const types = parseAccept("text/html;q=0.3, a/b , application/json; q=0.9,, c/d").map(({ type }) => type);
  t.same(types, ["a/b", "c/d", "application/json", "text/html"]);
});

t.test("the first view that is served is chosen", async (t) => {
  const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const cases: readonly (readonly [accept: string | undefined, view: string])[] = [
    [undefined, "object"],
    ["*/*", "object"],
    ["application/json, */*;q=0.8", "object"],
    ["application/vnd.kubernetes.protobuf,application/json", "object"],
    [`${table},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`, "table"],
    ["application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", "object"],
    ["application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json", "metadata"],
    [
      "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json",
      "object",
    ],
  ];
  for (const [accept, view] of cases) t.equal(chooseView(accept), view, accept ?? "no header");
});

t.test("a client that takes no JSON is told so", async (t) => {
  for (const accept of ["application/vnd.kubernetes.protobuf", "application/yaml", "text/html"]) {
    throwsWith(t, () => chooseView(accept), "NotAcceptable");
  }
});

t.test("aggregated discovery is answered in the version asked for", async (t) => {
  const aggregated = (version: string): string =>
    `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  t.equal(chooseDiscovery(`${aggregated("v2")},${aggregated("v2beta1")},application/json`), "v2");
  t.equal(chooseDiscovery(`${aggregated("v2beta1")},application/json`), "v2beta1");
  t.equal(chooseDiscovery(`${aggregated("v3")},application/json`), undefined);
  t.equal(chooseDiscovery("application/json"), undefined);
  t.equal(chooseDiscovery(undefined), undefined);
});
