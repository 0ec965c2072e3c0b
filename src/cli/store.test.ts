import t from "tap";
import { acceptRestoreAnnotation, NamespaceKind, systemNamespace } from "../schema/namespace.ts";
import { startCli } from "../testing/cli-fixture.ts";

t.test("the code of the store's life is written where the controller reads it", async (t) => {
  await using cli = await startCli();
  const { store } = cli.api;
  const namespace = () => store.get(NamespaceKind, { name: systemNamespace });
  if ((await namespace()) === undefined) {
    const metadata = { name: systemNamespace };
    await store.create(NamespaceKind, { apiVersion: "v1", kind: "Namespace", metadata });
  }
  const { code, stdout } = await cli.run(["store", "accept-restore", "0a1b2c3d"]);
  t.equal(code, 0);
  t.match(stdout, "accepted 0a1b2c3d");
  t.equal((await namespace())?.metadata.annotations?.[acceptRestoreAnnotation], "0a1b2c3d");
  t.equal((await cli.run(["store", "accept-restore"])).code, 2);
});
