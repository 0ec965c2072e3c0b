// Writes to the store in a directory until it is killed. Before each write it says on standard output what it
// tries, after it what was acknowledged. Usage: node store-writer.ts DIRECTORY WRITERS ROUND
import { writeSync } from "node:fs";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import { ResourceStore } from "../store/resource-store.ts";
import { openSqliteLog } from "../store/sqlite-log.ts";
import { type Widget, WidgetKind, widget } from "./widget.ts";

const [directory = "", writers = "16", round = "0"] = process.argv.slice(2);
const ports = { clock: systemClock, random: systemRandom };
const log = await openSqliteLog({ directory, ...ports });
const store = await ResourceStore.open({ log, ...ports, admit: (_, resource) => resource });

/** Synchronous, standard output being a file: what was said outlives the process. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function write(name: string, value: string): Promise<number> {
  const key = { namespace: "default", name };
  const object = { ...widget(name, { value }), status: { value } };
  const existing = await store.get(WidgetKind, key);
  if (existing === undefined) return revisionOf(await store.create(WidgetKind, object));
  if (systemRandom.next() < 0.3) return revisionOf(await store.updateStatus(WidgetKind, object));
  return revisionOf(await store.update(WidgetKind, object));
}

async function keepWriting(id: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const name = `w${id}-${Math.floor(systemRandom.next() * 4)}`;
    const key = { namespace: "default", name };
    if (systemRandom.next() < 0.2 && (await store.get(WidgetKind, key)) !== undefined) {
      say(`try ${name} -`);
      await store.delete(WidgetKind, key);
      say(`ack ${name} - 0`);
      continue;
    }
    const value = `${round}.${id}.${count}`;
    say(`try ${name} ${value}`);
    say(`ack ${name} ${value} ${await write(name, value)}`);
  }
}

function revisionOf({ metadata }: Widget): number {
  return Number(metadata.resourceVersion);
}

say(`open ${log.revision()}`);
const compaction = log.compact(log.revision());
await Promise.all([compaction, ...Array.from({ length: Number(writers) }, (_, id) => keepWriting(id))]);
