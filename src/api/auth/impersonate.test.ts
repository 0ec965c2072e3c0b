import t from "tap";
import { throwsWith } from "../../testing/throws-with.ts";
import { neededToActAs, readImpersonation } from "./impersonate.ts";

const read = (...rawHeaders: string[]) => {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return readImpersonation({ headers: Object.fromEntries(names.map((name) => [name, ""])), rawHeaders });
};

t.test("every header is claimed, also when it comes several times", async (t) => {
  const found = read(
    "Accept",
    "x",
    "Impersonate-User",
    "ann",
    "Impersonate-Group",
    "dev, ops",
    "impersonate-group",
    "qa",
    "Impersonate-Extra-Acme%2fRole",
    "one",
    "Impersonate-Extra-acme%2Frole",
    "two",
  );
  t.same(found?.user.groups, ["dev, ops", "qa", "system:authenticated"], "a comma is part of a name");
  t.same(found?.user.extra, { "acme/role": ["one", "two"] });
  t.same(
    found?.needed.map(({ resource, name }) => `${resource} ${name}`),
    ["users ann", "groups dev, ops", "groups qa", "userextras one", "userextras two"],
  );
});

t.test("nobody impersonated is undefined; groups of nobody are an error", async (t) => {
  t.equal(read("Accept", "x"), undefined);
  throwsWith(t, () => read("Impersonate-Group", "dev"), "BadRequest");
  throwsWith(t, () => read("Impersonate-User", "", "Impersonate-Uid", "1"), "BadRequest");
  throwsWith(t, () => read("Impersonate-Whatever", "1"), "BadRequest");
});

t.test("who nobody is, and who a service account is, says their groups", async (t) => {
  t.same(read("Impersonate-User", "system:anonymous")?.user.groups, ["system:unauthenticated"]);
  t.same(read("Impersonate-User", "system:serviceaccount:a:bot")?.user.groups, [
    "system:serviceaccounts",
    "system:serviceaccounts:a",
    "system:authenticated",
  ]);
});

t.test("to act as a user takes that user and each of the groups", async (t) => {
  const needed = neededToActAs({ name: "ann", groups: ["dev"] });
  t.same(
    needed.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`),
    ["impersonate users ann", "impersonate groups dev"],
  );
});
