import t from "tap";
import type { PolicyRule } from "./rbac.ts";
import { allowsPath, allowsResource, formatRule, uncovered, unionOfRules } from "./role-rules.ts";

const rule = (text: string): PolicyRule => {
  const [verbs = "", group = "", resources = "", names] = text.split(" ");
  return {
    verbs: verbs.split(","),
    apiGroups: [group === "core" ? "" : group],
    resources: resources.split(","),
    ...(names !== undefined && { resourceNames: names.split(",") }),
  };
};
const paths = (verb: string, ...urls: string[]): PolicyRule => ({ verbs: [verb], nonResourceURLs: urls });

t.test("a rule allows what it names, and nothing besides", async (t) => {
  const cases = [
    ["get,list ostler.dev virtualmachines", "get ostler.dev virtualmachines", true],
    ["get,list ostler.dev virtualmachines", "delete ostler.dev virtualmachines", false],
    ["get ostler.dev virtualmachines", "get core virtualmachines", false],
    ["* ostler.dev virtualmachines", "explode ostler.dev virtualmachines", true],
    ["get * virtualmachines", "get core virtualmachines", true],
    ["update ostler.dev virtualmachines", "update ostler.dev virtualmachines/start", false],
    ["update ostler.dev virtualmachines/start", "update ostler.dev virtualmachines/start", true],
    ["update ostler.dev virtualmachines/start", "update ostler.dev virtualmachines", false],
    ["update ostler.dev virtualmachines/start", "update ostler.dev virtualmachines/stop", false],
    ["update ostler.dev */start", "update ostler.dev virtualmachines/start", true],
    ["update ostler.dev */start", "update ostler.dev virtualmachines", false],
    ["update ostler.dev virtualmachines/*", "update ostler.dev virtualmachines/start", false],
    ["update ostler.dev *", "update ostler.dev virtualmachines/start", true],
    ["get ostler.dev virtualmachines web,db", "get ostler.dev virtualmachines web", true],
    ["get ostler.dev virtualmachines web,db", "get ostler.dev virtualmachines other", false],
    ["list ostler.dev virtualmachines web", "list ostler.dev virtualmachines", false],
  ] as const;
  for (const [held, asked, allowed] of cases) {
    const [verb = "", group = "", combined = "", name] = asked.split(" ");
    const [resource = "", subresource] = combined.split("/");
    const deed = { verb, group: group === "core" ? "" : group, resource, subresource, name };
    t.equal(allowsResource(rule(held), deed), allowed, `${held} | ${asked}`);
  }
  t.notOk(
    allowsResource(paths("get", "*"), {
      verb: "get",
      group: "",
      resource: "",
      subresource: undefined,
      name: undefined,
    }),
  );
});

t.test("a path ends where it ends, unless with a star", async (t) => {
  const cases = [
    ["/metrics", "/metrics", true],
    ["/metrics", "/metrics/x", false],
    ["/api/*", "/api/v1", true],
    ["/api/*", "/api", false],
    ["/api*", "/apis", true],
    ["*", "/anything", true],
  ] as const;
  for (const [url, path, allowed] of cases) t.equal(allowsPath(paths("get", url), "get", path), allowed, url);
  t.notOk(allowsPath(paths("get", "*"), "post", "/metrics"));
  t.notOk(allowsPath(rule("* * *"), "get", "/metrics"), "a rule about resources says nothing of paths");
});

t.test("what somebody does not hold is found, piece by piece", async (t) => {
  const held = [
    rule("get,list ostler.dev virtualmachines"),
    rule("get core secrets mine"),
    paths("get", "/a/*"),
  ];
  const cases = [
    [rule("get ostler.dev virtualmachines"), 0],
    [rule("get,delete ostler.dev virtualmachines"), 1],
    [rule("* ostler.dev virtualmachines"), 1],
    [rule("get * virtualmachines"), 1],
    [rule("get ostler.dev *"), 1],
    [rule("get ostler.dev virtualmachines/start"), 1],
    [rule("get core secrets"), 1],
    [rule("get core secrets mine"), 0],
    [rule("get core secrets mine,yours"), 1],
    [rule("get ostler.dev virtualmachines,hosts"), 1],
    [paths("get", "/a/b"), 0],
    [paths("get", "/a/*"), 0],
    [paths("get", "/a*", "*"), 2],
  ] as const;
  for (const [wanted, count] of cases) t.equal(uncovered(held, [wanted]).length, count, formatRule(wanted));
  t.same(uncovered([rule("* * *"), paths("*", "*")], [rule("* * *"), paths("*", "*"), ...held]), []);
});

t.test("rules are written as Kubernetes does, and each stands once in a union", async (t) => {
  const one = rule("get core secrets mine");
  t.equal(formatRule(one), '{APIGroups:[""], Resources:["secrets"], ResourceNames:["mine"], Verbs:["get"]}');
  t.same(unionOfRules([[one, paths("get", "/x")], [one]]), [one, paths("get", "/x")]);
});
