import { isTrue } from "../../schema/conditions.ts";
import { Actor } from "./actor.ts";
import { streamOf } from "./stream.ts";
import type { World } from "./world.ts";

/** Between two looks at everything a tenth more may pass, by a clock that may be a tenth slow. */
const longestRound = 1.1 / 0.9;
/** Time for whoever leads to draw its conclusions. */
const noticeMs = 10_000;
const watchedMs = 60_000;

/**
 * S10: on a host there is a domain of a later placement than the store knows of, as when the store was
 * brought back from a backup. Nothing may be changed on any host, whatever people want, until somebody
 * accepts that.
 */
export async function mustOnlyObserve(world: World): Promise<void> {
  if (!makeNewer(world)) return;
  await world.time.runFor(world.resyncMs * longestRound + noticeMs);
  const before = world.watch.mutations;
  const actor = new Actor(world);
  const refused = (error: unknown): void => world.note(`refused: ${String(error)}`);
  void actor.addMachine("observed-new", { memory: "64Mi" }).catch(refused);
  for (const { metadata } of [...world.audit.machines.values()].slice(0, 3))
    void actor.removeMachine(metadata.name).catch(refused);
  await world.time.runFor(watchedMs);
  const calls = world.watch.mutations - before;
  if (calls > 0)
    world.complain("S10", `${calls} calls change hosts, whose marks are newer than what the store knows`);
}

/** On one host that is well. Returns whether there was a domain to do it to. */
function makeNewer(world: World): boolean {
  const stream = streamOf(world.seed, "observing");
  const domains = [...world.hosts.values()]
    .filter(({ name }) => isTrue(world.audit.hosts.get(name)?.status?.conditions, "Ready"))
    .flatMap(({ name, fake }) => [...fake.domains].map((domain) => ({ name, domain })))
    .filter(({ name, domain: { uid, observed } }) => {
      const { hostName, placementEpoch } = world.audit.machines.get(uid)?.status ?? {};
      return hostName === name && observed.mark?.epoch === placementEpoch && observed.mark !== undefined;
    });
  if (domains.length === 0) return false;
  const { name, domain } = stream.pick(domains);
  const { definition } = domain.observed;
  if (definition === undefined) return false;
  const mark = { ...definition.mark, epoch: definition.mark.epoch + 1 };
  domain.define({ ...definition, mark });
  world.note(`${domain.observed.domainName} on ${name} is of a later placement than is written down`);
  return true;
}
