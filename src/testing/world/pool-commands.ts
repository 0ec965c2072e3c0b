import { PoolActor } from "./pool-actor.ts";
import type { Stage } from "./scenario.ts";

type Command = (stage: Stage, ...words: readonly string[]) => Promise<unknown> | unknown;

/** What a line of a scenario may say of pools; members are counted from 1 on, in order of their names. */
export const poolCommands: Readonly<Record<string, Command>> = {
  "create-pool": ({ world }, name = "", replicas = "1") => new PoolActor(world).add(name, Number(replicas)),
  scale: ({ world }, name = "", replicas = "1") => new PoolActor(world).scale(name, Number(replicas)),
  "resize-pool": ({ world }, name = "", cpus = "1") => new PoolActor(world).resize(name, Number(cpus)),
  "delete-pool": ({ world }, name = "", how = "") => new PoolActor(world).remove(name, policyOf(how)),
  "delete-member": ({ world }, name = "", number = "1") =>
    new PoolActor(world).removeMember(name, Number(number) - 1),
  "label-member": ({ world }, name = "", number = "1", label = "") => {
    const actor = new PoolActor(world);
    const member = actor.members(name)[Number(number) - 1];
    return member === undefined ? undefined : actor.label(member.metadata.name, label);
  },
  "label-machine": ({ world }, machine = "", label = "") => new PoolActor(world).label(machine, label),
};

function policyOf(word: string) {
  const policies = { background: "Background", foreground: "Foreground", orphan: "Orphan" } as const;
  return Object.entries(policies).find(([name]) => name === word)?.[1];
}
