import t from "tap";
import { routeOf } from "./route.ts";

const routes: readonly (readonly [string, unknown])[] = [
  ["/vm/create", { call: "vm/create" }],
  ["/vm/query/", { call: "vm/query" }],
  ["/server/vm/destroy", { call: "vm/destroy" }],
  ["/server/vm/types/", { call: "vm/types" }],
  ["//vm//types", { call: "vm/types" }],
  ["/image/list", { call: "image/list" }],
  ["/vm/image/list", { call: "image/list" }],
  ["/server/vm/image/list/", { call: "image/list" }],
  ["/pm/list", { call: "pm/list" }],
  ["/pm/listvms", { call: "pm/listvms" }],
  ["/pm/query", { call: "pm/query" }],
  ["/pm/7", { call: "pm/query", pathId: "7" }],
  ["/pm/7/", { call: "pm/query", pathId: "7" }],
  ["/pm/7/listvms", { call: "pm/listvms", pathId: "7" }],
  ["/server/pm/7/listvms", { call: "pm/listvms", pathId: "7" }],
  ["/volume/create", { call: "volume/create" }],
  ["/volume/query", { call: "volume/query" }],
  ["/volume/destroy", { call: "volume/destroy" }],
  ["/volume/attach", { call: "volume/attach" }],
  ["/volume/detach", { call: "volume/detach" }],
];
for (const [path, route] of routes) t.test(`${path} is a call`, async (t) => t.same(routeOf(path), route));

const others = [
  "/",
  "",
  "/vm",
  "/vm/",
  "/vm/creat",
  "/vm/create/x",
  "/VM/create",
  "/pm/x",
  "/pm/-1",
  "/pm/7/x",
];
others.push(
  "/server/server/vm/types",
  "/vm/vm/types",
  "/vm/../vm/types",
  "/vm%2fcreate",
  "/image",
  "/volume/list",
);
for (const path of others) t.test(`${path} is none`, async (t) => t.equal(routeOf(path), undefined));
