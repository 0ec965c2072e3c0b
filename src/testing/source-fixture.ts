import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Test } from "tap";
import { silentLogger } from "../runtime/logger.ts";
import { admit } from "../schema/admission.ts";
import type { Resource } from "../schema/meta.ts";
import { type Source, SourceKind } from "../schema/source.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import { SourceReconciler } from "../source/source-reconciler.ts";
import { openEngine } from "./engine-fixture.ts";
import type { ManualClock } from "./manual-clock.ts";

/** The manifest of a machine; `extra` is further lines of its spec. */
export function machineYaml(name: string, extra = ""): string {
  return `apiVersion: ostler.dev/v1
kind: VirtualMachine
metadata:
  name: ${name}
spec:
  cpus: 1
  memory: 64Mi
${extra}`;
}

/** A folder that is removed after the test. */
export class TestFolder {
  readonly path: string;
  readonly #settledAt: Date;

  constructor(t: Test, clock: ManualClock) {
    this.path = mkdtempSync(join(tmpdir(), "ostler-source-"));
    this.#settledAt = new Date(clock.now() - 60_000);
    t.teardown(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Writes a file that looks as if it were written long ago. */
  put(name: string, content: string | Uint8Array): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    utimesSync(path, this.#settledAt, this.#settledAt);
  }

  remove(name: string): void {
    rmSync(join(this.path, name), { recursive: true });
  }
}

export interface SourceWorld {
  readonly engine: Awaited<ReturnType<typeof openEngine>>;
  readonly folder: TestFolder;
  /** `reason object: message` of each Event. */
  readonly events: readonly string[];
  /** One look at the folder. */
  look(): Promise<{ readonly requeueAfterMs?: number }>;
  /** Two looks, the second one when what is missing has been missing long enough. */
  lookTwice(): Promise<void>;
  source(): Promise<Source>;
  /** Changes metadata or spec of the Source. */
  editSource(edit: (source: Source) => Source): Promise<void>;
  /** The names of the machines there are. */
  machines(): Promise<readonly string[]>;
  /** Goes on with a controller that remembers nothing. */
  restart(): Promise<void>;
}

/** A Source named `manifests` over an empty folder and a store in memory, on a clock that stands still. */
export async function openSourceWorld(t: Test, spec: Partial<Source["spec"]> = {}): Promise<SourceWorld> {
  const engine = await openEngine(t);
  const { clock, store } = engine;
  const folder = new TestFolder(t, clock);
  const events: string[] = [];
  const record = (object: Resource, _type: string, reason: string, message: string): void => {
    events.push(`${reason} ${object.metadata.name}: ${message}`);
  };
  const start = (): SourceReconciler => new SourceReconciler({ store, clock, record, enqueue: () => {} });
  let reconciler = start();
  t.teardown(() => reconciler[Symbol.asyncDispose]());
  const key = { name: "manifests" };
  const given = {
    apiVersion: "ostler.dev/v1",
    kind: "Source",
    metadata: key,
    spec: { directory: folder.path, ...spec },
  };
  await store.create(SourceKind, admit(SourceKind, given));
  const source = async (): Promise<Source> => {
    const found = await store.get(SourceKind, key);
    if (found === undefined) throw new Error("the Source is gone");
    return found;
  };
  const look = () => reconciler.reconcile(key, new AbortController().signal, silentLogger);
  return {
    engine,
    folder,
    events,
    look,
    source,
    lookTwice: async () => {
      await look();
      await clock.advance(5000);
      await look();
    },
    editSource: async (edit) => void (await store.update(SourceKind, edit(await source()))),
    machines: async () => {
      const { items } = await store.list(VirtualMachineKind);
      return items.filter((vm) => vm.metadata.deletionTimestamp === undefined).map((vm) => vm.metadata.name);
    },
    restart: async () => {
      await reconciler[Symbol.asyncDispose]();
      reconciler = start();
    },
  };
}
