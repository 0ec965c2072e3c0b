import type { Test } from "tap";
import { StatusError } from "../runtime/errors.ts";
import { systemRandom } from "../runtime/random.ts";
import type { Kind } from "../schema/kind.ts";
import type { Resource } from "../schema/meta.ts";
import type { Log } from "../store/log.ts";
import { ResourceStore } from "../store/resource-store.ts";
import type { LogFixture } from "./log-fixture.ts";
import { ManualClock } from "./manual-clock.ts";
import { storeDeleteCases } from "./store-contract-delete.ts";
import { storeReadCases } from "./store-contract-read.ts";
import { storeWatchCases } from "./store-contract-watch.ts";
import { storeWriteCases } from "./store-contract-write.ts";
import { SpaceKind, type Widget } from "./widget.ts";

/** A store that a test has to itself, over a log that was empty. */
export interface StoreBench {
  readonly store: ResourceStore;
  readonly log: Log;
  readonly clock: ManualClock;
  /** Closes the store and opens what it left; undefined when the log keeps nothing. */
  readonly reopen: (() => Promise<StoreBench>) | undefined;
}

/** One rule of the store each, by the fact that it states. */
export type StoreCases = Readonly<Record<string, (t: Test, bench: StoreBench) => Promise<void>>>;

/** Every rule of `Store`, as tests, over the logs that `fixture` opens. */
export function storeContract(t: Test, name: string, fixture: (t: Test) => LogFixture): void {
  const cases = { ...storeWriteCases, ...storeDeleteCases, ...storeReadCases, ...storeWatchCases };
  for (const [title, run] of Object.entries(cases)) {
    t.test(`${name}: ${title}`, async (t) => {
      const place = fixture(t);
      await run(t, await openBench(t, place));
    });
  }
}

/** Opens a store with one rule, `spec.broken` is refused, and one default, `spec.size` is 1. */
export async function openBench(t: Test, place: LogFixture): Promise<StoreBench> {
  const clock = new ManualClock();
  const log = await place.open(clock);
  const store = await ResourceStore.open({
    log,
    clock,
    random: systemRandom,
    admit,
    namespaceKind: SpaceKind,
  });
  const close = async (): Promise<void> => {
    store[Symbol.dispose]();
    await log[Symbol.asyncDispose]();
  };
  t.teardown(close);
  const reopen = async (): Promise<StoreBench> => {
    await close();
    return openBench(t, place);
  };
  return { store, log, clock, reopen: place.durable ? reopen : undefined };
}

function admit(kind: Kind, resource: Resource & { readonly spec?: Widget["spec"] }): Resource {
  if (kind === SpaceKind) return resource;
  if (resource.spec?.broken !== undefined) {
    const cause = { field: "spec.broken", message: "must not be there" };
    throw new StatusError("Invalid", `${kind.kind} is invalid: spec.broken: must not be there`, {
      causes: [cause],
    });
  }
  const admitted = { ...resource, spec: { size: 1, ...resource.spec } };
  return admitted;
}
