import t from "tap";
import { acceptRestoreAnnotation, NamespaceKind, systemNamespace } from "../schema/namespace.ts";
import { startCli } from "../testing/cli-fixture.ts";

const question = "the store is older: type: ostler store accept-restore 0a1b2c3d";

/** A server that asks for the code until it is accepted. */
async function fixture(...reasons: readonly string[]) {
  let isAccepted = false;
  const ready = () => ({ ready: isAccepted || reasons.length === 0, reasons: isAccepted ? [] : reasons });
  const cli = await startCli({ ready });
  const { store } = cli.api;
  const namespace = () => store.get(NamespaceKind, { name: systemNamespace });
  if ((await namespace()) === undefined) {
    const metadata = { name: systemNamespace };
    await store.create(NamespaceKind, { apiVersion: "v1", kind: "Namespace", metadata });
  }
  return {
    cli,
    accept: (code: string) => cli.run(["store", "accept-restore", code]),
    written: async () => (await namespace())?.metadata.annotations?.[acceptRestoreAnnotation],
    heed: () => {
      isAccepted = true;
    },
  };
}

t.test("the code of the store's life is written where the controller reads it", async (t) => {
  const { cli, accept, written, heed } = await fixture(question);
  await using _ = cli;
  t.match(await accept("0a1b2c3d"), { code: 0, stdout: "accepted 0a1b2c3d: hosts are" });
  t.equal(await written(), "0a1b2c3d");
  heed();
  t.match(await accept("0a1b2c3d"), { code: 0, stdout: "0a1b2c3d is accepted already" });
  t.equal((await cli.run(["store", "accept-restore"])).code, 2);
});

t.test("another code is refused, and the right one is named", async (t) => {
  const { cli, accept, written } = await fixture("starting", question);
  await using _ = cli;
  t.match(await accept("deadbeef"), {
    code: 1,
    stdout: "",
    stderr: "is 0a1b2c3d, not deadbeef: nothing was",
  });
  t.equal(await written(), undefined);
});

t.test("where nothing is asked nothing is accepted", async (t) => {
  for (const reasons of [[], ["starting"]]) {
    const { cli, accept, written } = await fixture(...reasons);
    await using _ = cli;
    t.match(await accept("0a1b2c3d"), { code: 1, stderr: "knows of nothing that is newer than its store" });
    t.equal(await written(), undefined);
  }
});
