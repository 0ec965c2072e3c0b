import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import type { LogEvent } from "../store/log.ts";
import { ResourceStore } from "../store/resource-store.ts";
import { openSqliteLog } from "../store/sqlite-log.ts";
import { type Widget, WidgetKind } from "./widget.ts";

/** What a kill loop has seen. `problems` is empty when the store kept all its promises. */
export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** Writes that were under way when the process died, and how many of them turned out to be stored. */
  readonly inDoubt: number;
  readonly inDoubtStored: number;
  readonly revision: number;
  readonly problems: readonly string[];
}

/** The value of each object by name; absent: no object. */
type State = ReadonlyMap<string, string>;

interface Journal {
  readonly acks: readonly { readonly name: string; readonly value: string; readonly revision: number }[];
  /** Of each name, the write that was tried and not acknowledged. */
  readonly inDoubt: ReadonlyMap<string, string>;
}

const writerPath = fileURLToPath(new URL("store-writer.ts", import.meta.url));
const deleted = "-";

/**
 * Kills a process that writes to the store in `directory`, again and again at random moments, and compares
 * what it had been acknowledged with what is there afterwards.
 */
export async function killLoop(directory: string, kills: number, maxDelayMs: number): Promise<KillReport> {
  const problems: string[] = [];
  let [acknowledged, inDoubt, inDoubtStored, revision] = [0, 0, 0, 0];
  let state: State = new Map();
  for (let round = 1; round <= kills; round += 1) {
    const journal = parseJournal(await runAndKill(directory, round, maxDelayMs));
    const found = await inspect(directory, revision, state);
    const complain = (problem: string): void => void problems.push(`round ${round}: ${problem}`);
    for (const problem of found.problems) complain(problem);
    for (const problem of compare(journal, found, state)) complain(problem);
    acknowledged += journal.acks.length;
    inDoubt += journal.inDoubt.size;
    const stored = [...journal.inDoubt].filter(
      ([name, value]) => (found.state.get(name) ?? deleted) === value,
    );
    inDoubtStored += stored.length;
    ({ state, revision } = found);
  }
  return { kills, acknowledged, inDoubt, inDoubtStored, revision, problems };
}

/** Mostly some time after the first sign of life; sometimes while it still starts. Returns what it said. */
async function runAndKill(directory: string, round: number, maxDelayMs: number): Promise<string> {
  const journal = join(directory, "journal");
  const output = openSync(journal, "w");
  const writers = 16 + Math.floor(systemRandom.next() * 49);
  const child = spawn(process.execPath, [writerPath, directory, String(writers), String(round)], {
    stdio: ["ignore", output, "inherit"],
  });
  const exited = once(child, "exit");
  while (round % 8 !== 0 && fstatSync(output).size === 0 && child.exitCode === null)
    await systemClock.sleep(2);
  await systemClock.sleep(systemRandom.next() * maxDelayMs);
  if (!child.kill("SIGKILL")) throw new Error("the writer ended by itself");
  await exited;
  closeSync(output);
  return readFileSync(journal, "utf8");
}

/** The last line may be cut off: then it was not said. */
function parseJournal(text: string): Journal {
  const inDoubt = new Map<string, string>();
  const acks = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const [word, name = "", value = "", revision] = line.split(" ");
    if (word === "try") inDoubt.set(name, value);
    if (word !== "ack") continue;
    inDoubt.delete(name);
    acks.push({ name, value, revision: Number(revision) });
  }
  return { acks, inDoubt };
}

interface Found {
  readonly revision: number;
  readonly state: State;
  readonly events: ReadonlyMap<number, LogEvent>;
  readonly problems: readonly string[];
}

/** Opens what is left; reads its state, and the same again by watching on from the round before. */
async function inspect(directory: string, since: number, before: State): Promise<Found> {
  const ports = { clock: systemClock, random: systemRandom };
  await using log = await openSqliteLog({ directory, ...ports });
  using store = await ResourceStore.open({ log, ...ports, admit: (_, resource) => resource });
  const revision = log.revision();
  const { items } = await store.list(WidgetKind);
  const state = new Map(items.map((item) => [item.metadata.name, newestValue(item)]));
  const problems: string[] = [];
  if (revision < since)
    return { revision, state, events: new Map(), problems: [`revision fell to ${revision}`] };

  const events = new Map<number, LogEvent>();
  await log.subscribe(since, (more) => {
    for (const event of more) events.set(event.revision, event);
  });
  const replayed = new Map(before);
  let expected = since;
  const signal = new AbortController().signal;
  for await (const event of revision === since
    ? []
    : store.watch(WidgetKind, { since: String(since), signal })) {
    if (event.type === "BOOKMARK") continue;
    expected += 1;
    const { name, resourceVersion } = event.object.metadata;
    if (resourceVersion !== String(expected)) problems.push(`watch told ${resourceVersion}, not ${expected}`);
    if (event.type === "DELETED") replayed.delete(name);
    else replayed.set(name, newestValue(event.object));
    if (expected === revision) break;
  }
  if (!sameState(replayed, state)) problems.push("replaying the watch gives another state than the list");
  return { revision, state, events, problems };
}

/** Every acknowledged write is in the history as acknowledged, and nothing is there that was not tried. */
function compare(journal: Journal, found: Found, before: State): string[] {
  const problems: string[] = [];
  const last = new Map(before);
  for (const { name, value, revision } of journal.acks) {
    last.set(name, value);
    if (value === deleted) continue;
    const event = found.events.get(revision);
    if (!event?.key.endsWith(`/${name}`) || !event.current?.value.includes(`"${value}"`)) {
      problems.push(`lost: ${value} of ${name} at revision ${revision}`);
    }
  }
  for (const name of new Set([...last.keys(), ...found.state.keys()])) {
    const actual = found.state.get(name) ?? deleted;
    const acknowledged = last.get(name) ?? deleted;
    if (actual === acknowledged || actual === journal.inDoubt.get(name)) continue;
    problems.push(`${name} is ${actual}, was acknowledged as ${acknowledged}`);
  }
  return problems;
}

/** Of spec and status, whichever was written last: values of one name only grow. */
function newestValue({ spec, status }: Widget): string {
  const [a, b] = [String(spec?.value), String(status?.value ?? "0.0.0")];
  return a.localeCompare(b, "en", { numeric: true }) > 0 ? a : b;
}

function sameState(a: State, b: State): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}
