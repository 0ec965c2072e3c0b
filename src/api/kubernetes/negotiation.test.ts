import t from "tap";
import { throwsWith } from "../../testing/throws-with.ts";
import {
  assertTakesJson,
  chooseDiscovery,
  chooseRepresentation,
  chooseView,
  parseAccept,
} from "./negotiation.ts";

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
    ["application/json;as=Table;v=v1alpha1;g=meta.k8s.io,application/json", "object"],
    ["application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", "table"],
    ["application/json;as=Other;v=v1;g=meta.k8s.io,application/json", "object"],
    ["application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json", "metadata"],
    [
      "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json",
      "object",
    ],
  ];
  for (const [accept, view] of cases) t.equal(chooseView(accept), view, accept ?? "no header");
});

t.test("a client that takes no JSON is told so", async (t) => {
  for (const accept of ["application/vnd.kubernetes.protobuf", "application/json;q=0", "text/html"]) {
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

t.test("YAML is written for those who prefer it, except in watches", async (t) => {
  const encoding = (accept: string) => chooseRepresentation(accept).encoding;
  t.equal(encoding("application/yaml"), "yaml");
  t.equal(encoding("application/yaml;q=0.5, application/json"), "json");
  t.equal(encoding("application/yaml, */*;q=0.1"), "yaml");
  t.match(chooseRepresentation("application/yaml;as=Table;g=meta.k8s.io;v=v1beta1"), {
    view: "table",
    version: "v1beta1",
  });
  throwsWith(t, () => assertTakesJson("application/yaml"), "NotAcceptable");
  t.doesNotThrow(() => assertTakesJson("*/*"));
});
