import t from "tap";
import { StatusError } from "../runtime/errors.ts";
import { apiVersionOf } from "./kind.ts";
import { kindFor, kindNamed, kinds } from "./scheme.ts";

t.test("every kind is found by its version and name", async (t) => {
  for (const kind of kinds) t.equal(kindFor(apiVersionOf(kind), kind.kind), kind);
});

t.test("an unknown kind or version is answered with what there is", async (t) => {
  t.throws(() => kindFor("ostler.dev/v2", "Host"), new StatusError("BadRequest", ""), "wrong version");
  t.throws(() => kindFor("v1", "Host"), { message: /known: ostler\.dev\/v1 Host$/ });
  t.throws(() => kindFor("v1", "Pod"), { message: /known: ostler\.dev\/v1 VirtualMachine, / });
  t.throws(() => kindFor("ostler.dev/v1", "host"), { message: /^no kind "host" in version/ });
});

t.test("people name a kind in many ways", async (t) => {
  const names = ["vm", "VMs", "virtualmachine", "VirtualMachines", "virtualmachines.ostler.dev"];
  for (const name of names) t.equal(kindNamed(name)?.kind, "VirtualMachine", name);
  t.equal(kindNamed("ns")?.kind, "Namespace");
  t.equal(kindNamed("pods"), undefined);
});

t.test("no name means two kinds", async (t) => {
  const names = kinds.flatMap((kind) => [...new Set([kind.plural, kind.singular, ...kind.shortNames])]);
  t.equal(new Set(names).size, names.length);
});
