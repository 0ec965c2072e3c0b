import { describeSlowness } from "../yardstick.ts";
import type { FaultId } from "./fault-ledger.ts";
import type { Played } from "./sim-thread.ts";

export interface Swarm {
  readonly results: readonly Played[];
  /** Some of the plays, played once more. */
  readonly again: readonly Played[];
  readonly wallMs: number;
  /** See Yardstick. */
  readonly slowness: number;
  readonly faultIds: readonly FaultId[];
}

/** What a swarm of plays has come to, in lines. */
export function reportOf({ results, again, wallMs, slowness, faultIds }: Swarm): readonly string[] {
  const bad = results.filter(({ breaches }) => breaches.length > 0);
  const virtualHours = sum(results, ({ virtualMs }) => virtualMs) / 3_600_000;
  const cpuSeconds = sum(results, ({ cpuMs }) => cpuMs) / 1000;
  const wallSeconds = wallMs / 1000;
  const rate = (seconds: number): string => (results.length / seconds).toFixed(2);
  const events = sum(results, (played) => played.events);
  return [
    `seeds           ${results.length}, of which ${bad.length} with a breach`,
    `breaches        ${sum(results, ({ breaches }) => breaches.length)}`,
    `virtual time    ${virtualHours.toFixed(0)} h, ${(virtualHours / 8766).toFixed(3)} years`,
    `events          ${events}`,
    `real time       ${wallSeconds.toFixed(1)} s, ${rate(wallSeconds)} seeds/s`,
    `CPU time        ${cpuSeconds.toFixed(1)} s, ${rate(cpuSeconds)} seeds/s`,
    `this machine    ${describeSlowness(slowness)}: there ${rate(cpuSeconds / slowness)} seeds/s`,
    `played twice    ${again.length} seeds, ${again.length - differing(results, again).length} the same`,
    ...fairness(results),
    ...faultIds.map((id) => faultLine(results, id)),
    `void            ${sum(results, ({ unfired }) => unfired.length)} faults in all`,
    ...bad.map(
      ({ seed, breaches }) => `SIM_SEED=${seed}  ${[...new Set(breaches.map(({ id }) => id))].join(" ")}`,
    ),
  ];
}

/** Seeds that were another play when they were played again. */
export function differing(results: readonly Played[], again: readonly Played[]): readonly number[] {
  const first = new Map(results.map((played) => [played.seed, played]));
  return again
    .filter(({ seed, hash, events }) => first.get(seed)?.hash !== hash || first.get(seed)?.events !== events)
    .map(({ seed }) => seed);
}

/** L4: how long others take while a host is sick. */
function fairness(results: readonly Played[]): readonly string[] {
  const delays = results.flatMap(({ delaysMs }) => delaysMs).sort((a, b) => a - b);
  const at = (share: number): string => (delays[Math.floor((delays.length - 1) * share)] ?? 0).toFixed(0);
  if (delays.length === 0) return [];
  return [
    `beside the sick ${delays.length} machines made, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`,
  ];
}

/** A play in which a fault was to happen and never did says nothing about that fault. */
function faultLine(results: readonly Played[], id: FaultId): string {
  const times = sum(results, ({ fired }) => fired.get(id) ?? 0);
  const fired = results.filter((played) => played.fired.has(id)).length;
  const isVoid = results.filter(({ unfired }) => unfired.includes(id)).length;
  return `${id.padEnd(16)}${times} times in ${fired} seeds; void for ${isVoid}`;
}

function sum(results: readonly Played[], of: (played: Played) => number): number {
  return results.reduce((total, played) => total + of(played), 0);
}
