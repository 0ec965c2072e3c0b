import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { pluginVariable } from "./plugin.ts";
import { findStateDir } from "./state-dir.ts";

t.test("the audit log is that of the server in use, unless told otherwise", async (t) => {
  const top = mkdtempSync(join(tmpdir(), "ostler-state-dir-"));
  t.teardown(() => rmSync(top, { recursive: true }));
  const [served, elsewhere] = [join(top, "state"), join(top, "home")];
  mkdirSync(join(served, "audit"), { recursive: true });
  mkdirSync(elsewhere);
  const config = join(top, "serve.yaml");
  writeFileSync(config, "stateDir: /srv/ostler\n");
  const kubeconfig = join(served, "kubeconfig");
  const env = { OSTLER_KUBECONFIG: kubeconfig };

  t.equal(await findStateDir({ env }), served);
  t.equal(await findStateDir({ kubeconfig, env: {} }), served);
  t.equal(await findStateDir({ config, env }), "/srv/ostler");
  t.equal(await findStateDir({ stateDir: "/given", config, env }), "/given");

  const copied = { OSTLER_KUBECONFIG: join(elsewhere, "kubeconfig") };
  await t.rejects(
    findStateDir({ env: copied }),
    /no audit log beside the kubeconfig.*home\/kubeconfig: give --state/,
  );
  await t.rejects(findStateDir({ env: { HOME: elsewhere, [pluginVariable]: "1" } }), /--state-dir DIR/);
});
