import t from "tap";
import { errorCode, isLibvirtError, LibvirtError } from "./errors.ts";

const bare = { code: 42, domain: 7, level: 2, int1: -1, int2: 5 };

t.test("all that the wire says is kept", async (t) => {
  const domainRef = { name: "vm", uuid: "00112233-4455-6677-8899-aabbccddeeff", id: 1 };
  const network = { name: "lab", uuid: domainRef.uuid };
  const texts = { message: "Domain not found", str1: "one", str2: "two", str3: "three" };
  const error = new LibvirtError("DOMAIN_RESUME", { ...bare, ...texts, domainRef, network });
  t.match(error, { ...bare, ...texts, domainRef, network, procedure: "DOMAIN_RESUME", name: "LibvirtError" });
});

t.test("an error without a message has one", async (t) => {
  t.equal(new LibvirtError("DOMAIN_RESUME", bare).message, "libvirt error 42");
});

t.test("errors are told apart by their codes", async (t) => {
  const error = new LibvirtError("DOMAIN_RESUME", bare);
  t.ok(isLibvirtError(error, errorCode.noSupport, errorCode.noDomain));
  t.notOk(isLibvirtError(error, errorCode.noSupport));
  t.notOk(isLibvirtError(new Error("other"), errorCode.noDomain));
  t.notOk(error.isUnknownProcedure);
  const old = new LibvirtError("X", { ...bare, code: errorCode.rpc, message: "unknown procedure: 999" });
  t.ok(old.isUnknownProcedure);
});
