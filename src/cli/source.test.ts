import t from "tap";
import { admit } from "../schema/admission.ts";
import { SourceKind } from "../schema/source.ts";
import { startCli } from "../testing/cli-fixture.ts";

t.test("sources are listed and shown, and their deletions confirmed", async (t) => {
  await using cli = await startCli();
  t.match(await cli.run(["source"]), { code: 0, stderr: "no sources" });
  const source = admit(SourceKind, {
    apiVersion: "ostler.dev/v1",
    kind: "Source",
    metadata: { name: "manifests" },
    spec: { directory: "/srv/manifests" },
  });
  const created = await cli.api.store.create(SourceKind, source);
  t.match(await cli.run(["source", "show"]), { code: 0, stdout: "Problems: none\n" });
  await cli.api.store.updateStatus(SourceKind, {
    ...created,
    status: {
      files: 3,
      objects: 5,
      problems: [
        { file: "a.yaml", line: 3, column: 1, path: "spec", message: "wrong" },
        { file: "b.yaml", message: "bad" },
      ],
      pendingPrune: {
        planHash: "abc123",
        reason: "TooMany",
        message: "more than 3 at once",
        total: 3,
        deletions: ["VirtualMachine default/a", "VirtualMachine default/b"],
      },
    },
  });
  t.match((await cli.run(["source", "list"])).stdout, /^manifests /m);
  const { stdout } = await cli.run(["source", "show", "manifests"]);
  t.match(stdout, "  a.yaml:3:1: spec: wrong\n  b.yaml: bad\n");
  t.match(stdout, "  and 1 more\nTo delete these 3, type: ostler source confirm abc123\n");
  t.match(await cli.run(["source", "confirm", "other"]), {
    code: 3,
    stderr: "no source waits for plan other",
  });
  t.match(await cli.run(["source", "confirm", "abc123"]), {
    code: 0,
    stdout: "source/manifests confirmed: 3 deletions\n",
  });
  const confirmed = await cli.api.store.get(SourceKind, { name: "manifests" });
  t.same(confirmed?.metadata.annotations, { "ostler.dev/confirm-prune": "abc123" });
  t.match(await cli.run(["source", "show", "nope"]), { code: 3 });
});
