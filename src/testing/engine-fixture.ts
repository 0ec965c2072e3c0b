import type { Test } from "tap";
import { Manager, type Part } from "../reconciler/manager.ts";
import { SharedInformers } from "../reconciler/shared-informers.ts";
import { silentLogger } from "../runtime/logger.ts";
import { admit, admitStatus } from "../schema/admission.ts";
import { NamespaceKind } from "../schema/namespace.ts";
import { quotaRules } from "../schema/quota-rules.ts";
import { openMemoryLog } from "../store/memory-log.ts";
import { QuotaLedger } from "../store/quota-ledger.ts";
import { ResourceStore } from "../store/resource-store.ts";
import { ManualClock } from "./manual-clock.ts";
import { SeededRandom } from "./seeded-random.ts";

/** A store in memory, informers over it, and a clock that stands still: what a controller lives in. */
export interface Engine {
  readonly clock: ManualClock;
  readonly store: ResourceStore;
  readonly ledger: QuotaLedger;
  readonly informers: SharedInformers;
  readonly logger: typeof silentLogger;
  /** Starts the informers, then these parts; all are stopped at the end of the test. */
  run(...parts: readonly Part[]): Promise<void>;
  /** Creates a namespace. */
  addNamespace(name: string): Promise<void>;
}

/** An engine with the namespace `default`, without any controller. */
export async function openEngine(t: Test): Promise<Engine> {
  const clock = new ManualClock();
  const log = openMemoryLog(clock);
  const random = new SeededRandom(1);
  const ledger = new QuotaLedger(quotaRules);
  const admission = { admit, admitStatus, namespaceKind: NamespaceKind, ledger };
  const store = await ResourceStore.open({ log, clock, random, ...admission });
  const informers = new SharedInformers({ store, clock, logger: silentLogger });
  const manager = new Manager({ clock, logger: silentLogger }).add(informers);
  const abort = new AbortController();
  let running: Promise<void> | undefined;
  t.teardown(async () => {
    abort.abort();
    await running;
    store[Symbol.dispose]();
    await log[Symbol.asyncDispose]();
  });
  const addNamespace = async (name: string): Promise<void> => {
    await store.create(NamespaceKind, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  };
  await addNamespace("default");
  const run = async (...parts: readonly Part[]): Promise<void> => {
    for (const part of parts) manager.add(part);
    running = manager.run(abort.signal);
    await clock.settle();
  };
  return { clock, store, ledger, informers, logger: silentLogger, run, addNamespace };
}
