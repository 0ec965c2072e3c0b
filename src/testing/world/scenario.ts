import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../runtime/errors.ts";
import { Actor } from "./actor.ts";
import { commands } from "./scenario-commands.ts";
import { Story } from "./story.ts";
import { World } from "./world.ts";

/** What commands of a scenario have at hand. */
export interface Stage {
  readonly world: World;
  readonly actor: Actor;
  /** The scenario's own files, by name. */
  readonly manifests: ReadonlyMap<string, string>;
}

/**
 * Plays the scenario in a folder and returns the operator's log of it. `steps.txt` has one command a line,
 * see scenario-commands.ts; what begins with `#` is told as it is. All other files are manifests.
 */
export async function tellScenario(directory: string): Promise<string> {
  const steps = readFileSync(join(directory, "steps.txt"), "utf8").split("\n");
  const names = readdirSync(directory).filter((name) => name.endsWith(".yaml"));
  const manifests = new Map(names.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
  const story = new Story();
  const first = steps.find((line) => line.startsWith("world "))?.split(/\s+/) ?? [];
  const replicas = Number(first.find((word) => word.startsWith("controllers="))?.split("=")[1] ?? 1);
  const world = await World.start({
    seed: 1,
    hosts: [],
    replicas,
    story: story.hear,
    onStart: (young) => story.follow(young),
  });
  const stage: Stage = { world, actor: new Actor(world), manifests };
  for (const line of steps) await take(stage, story, line.trim());
  for (const { id, what } of world.breaches) story.say(`BREACH of ${id}: ${what}`);
  world.killAll();
  return story.text();
}

async function take(stage: Stage, story: Story, line: string): Promise<void> {
  if (line === "" || line.startsWith("world ")) return;
  if (line.startsWith("#")) {
    story.say(line);
    return;
  }
  const [name = "", ...words] = line.split(/\s+/);
  const command = commands[name];
  if (command === undefined) throw new Error(`no scenario knows the command "${name}"`);
  if (name !== "wait") story.say(`$ ${line}`);
  const { time } = stage.world;
  const done = (async () => command(stage, ...words))();
  done.then(
    (told) => typeof told === "string" && story.say(`  ${told}`),
    () => {},
  );
  done.catch((error: unknown) => story.say(`  refused: ${messageOf(error)}`));
  await time.runFor(name === "wait" ? millisecondsIn(words[0] ?? "") : 100);
}

/** `20s`, `5m`, `2h`. */
function millisecondsIn(text: string): number {
  const [, count = "", unit = ""] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit];
  if (factor === undefined) throw new Error(`"${text}" is no time such as 20s, 5m or 2h`);
  return Number(count) * factor;
}
