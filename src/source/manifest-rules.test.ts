import t from "tap";
import { EventKind } from "../schema/event.ts";
import type { Resource } from "../schema/meta.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { checkManifest, parseManifestFile, sourceKinds } from "./manifest-rules.ts";

const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } };

function fields(metadata: object, rest: object = {}): readonly string[] {
  const resource: Resource = { ...namespace, ...rest, metadata: { name: "a", ...metadata } };
  return checkManifest(NamespaceKind, resource).map((cause) => cause.field);
}

t.test("a manifest names, labels and annotates; the rest of metadata is the system's", async (t) => {
  t.strictSame(fields({ labels: { a: "b" }, annotations: { "ostler.dev/adopt": "true" } }), []);
  t.strictSame(fields({ uid: "x" }), ["metadata.uid"]);
  t.strictSame(fields({ finalizers: ["a/b"], generation: 1 }), [
    "metadata.generation",
    "metadata.finalizers",
  ]);
  t.strictSame(fields({ labels: { "ostler.dev/source": "x" } }), ['metadata.labels["ostler.dev/source"]']);
  t.strictSame(fields({ annotations: { "ostler.dev/source-path": "x" } }), [
    'metadata.annotations["ostler.dev/source-path"]',
  ]);
});

t.test("status is not a person's to say; an empty one, as tools leave it, says nothing", async (t) => {
  t.strictSame(fields({}, { status: { phase: "Active" } }), ["status"]);
  t.strictSame(fields({ creationTimestamp: null, finalizers: [] }, { status: {} }), []);
});

t.test("no file holds what only controllers write", async (t) => {
  t.strictSame(
    checkManifest(EventKind, { ...namespace, kind: "Event" }).map((cause) => cause.field),
    ["kind"],
  );
  t.notOk(sourceKinds.some((kind) => kind.kind === "Event" || kind.kind === "Lease"));
});

t.test("an empty file is broken, one with a comment says that it names nothing", async (t) => {
  const parse = (text: string) => parseManifestFile(new TextEncoder().encode(text), "a.yaml");
  for (const text of ["", " \n\t\r\n", "\0\0\0"]) {
    t.match(parse(text), { manifests: [], problems: [{ file: "a.yaml", message: /the file is empty/ }] });
  }
  t.strictSame(parse("# nothing for now\n"), { manifests: [], problems: [] });
  t.match(parse("apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n").manifests, [{ index: 0 }]);
});
