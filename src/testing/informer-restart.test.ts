import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoreV1Api, type KubernetesObject, makeInformer } from "@kubernetes/client-node";
import t from "tap";
import { systemClock as clock } from "../runtime/clock.ts";
import { systemRandom as random } from "../runtime/random.ts";
import { admit } from "../schema/admission.ts";
import { ConfigMapKind } from "../schema/config-map.ts";
import { ResourceStore } from "../store/resource-store.ts";
import { openSqliteLog } from "../store/sqlite-log.ts";
import { portOf, startApi } from "./api-fixture.ts";
import { kubeConfigOf } from "./client-node.ts";
import { eventually } from "./server-process.ts";

const path = "/api/v1/namespaces/default/configmaps";

/** What a person wrote while nobody served. */
async function change(directory: string, round: number, { compact }: { readonly compact: boolean }) {
  await using log = await openSqliteLog({ directory, clock, random });
  using store = await ResourceStore.open({ log, clock, random, admit });
  const before = (await store.list(ConfigMapKind)).items;
  for (const [index, item] of before.entries()) {
    const { name } = item.metadata;
    if (index % 3 === 0) await store.delete(ConfigMapKind, { namespace: "default", name });
    if (index % 3 === 1) await store.update(ConfigMapKind, { ...item, data: { round: `${round}` } });
  }
  for (let index = 0; index < 10; index += 1) {
    const metadata = { name: `r${round}-${index}`, namespace: "default" };
    await store.create(ConfigMapKind, { apiVersion: "v1", kind: "ConfigMap", metadata });
  }
  if (compact) await log.compact(log.revision());
}

/** A server over what the directory holds, on a certain port or on a free one. */
async function serve(directory: string, port = 0) {
  const log = await openSqliteLog({ directory, clock, random });
  const api = await startApi({ listen: true, port, kept: { directory, log } });
  return {
    api,
    [Symbol.asyncDispose]: async () => {
      await api[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    },
  };
}

interface Versioned {
  readonly metadata?: {
    readonly name?: string | undefined;
    readonly resourceVersion?: string | undefined;
  };
}

function versionsOf(items: readonly Versioned[]): string {
  return items
    .map(({ metadata }) => `${metadata?.name} ${metadata?.resourceVersion}`)
    .toSorted()
    .join("\n");
}

t.test(
  "an informer that runs across restarts and compactions of the server holds exactly the server's state",
  { timeout: 120_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "ostler-informer-"));
    t.teardown(() => rm(directory, { recursive: true }));
    let port = 0;
    {
      await using server = await serve(directory);
      port = portOf(server.api.app);
    }
    const rounds = [{ compact: false }, { compact: true }, { compact: false }, { compact: true }];
    const expired: unknown[] = [];
    let informer: Awaited<ReturnType<typeof follow>> | undefined;
    for (const [round, options] of rounds.entries()) {
      await change(directory, round, options);
      await using server = await serve(directory, port);
      informer ??= await follow(server.api.kubeconfig);
      const { store } = server.api;
      const wanted = async (): Promise<string> => versionsOf((await store.list(ConfigMapKind)).items);
      const followed = informer;
      const agree = async () => versionsOf(followed.list()) === (await wanted()) || undefined;
      await eventually(`round ${round}: the informer agrees`, agree);
      await store.create(ConfigMapKind, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: `live-${round}`, namespace: "default" },
      });
      await eventually(`round ${round}: it hears what happens`, agree);
      t.equal(versionsOf(followed.list()), await wanted());
      expired.push(followed.relists());
    }
    await informer?.stop();
    t.strictSame(expired, [1, 2, 2, 3], "it listed again only where history was gone");
  },
);

/** An informer that is started again when its connection breaks, as its documentation says. */
async function follow(kubeconfig: string) {
  const config = await kubeConfigOf(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  let lists = 0;
  const informer = makeInformer<KubernetesObject>(config, path, async () => {
    const list = await core.listNamespacedConfigMap({ namespace: "default" });
    lists += 1;
    return list;
  });
  let ended = false;
  informer.on("error", () => {
    clock.after(100, () => {
      if (!ended) void informer.start();
    });
  });
  await informer.start();
  return {
    list: () => informer.list(),
    relists: () => lists,
    stop: async () => {
      ended = true;
      await informer.stop();
    },
  };
}
