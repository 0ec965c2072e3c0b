import { Command } from "commander";
import t from "tap";
import { systemClock } from "../runtime/clock.ts";
import { noTerminal } from "../testing/no-terminal.ts";
import { addSeed } from "./seed-commands.ts";

t.test("there is a command for each call of the flat API, and one for its files", async (t) => {
  const program = new Command();
  const silent = { write() {} };
  const environment = {
    stdout: silent,
    stderr: silent,
    env: {},
    clock: systemClock,
    signal: new AbortController().signal,
    readStdin: async () => "",
    readLine: async () => "",
    terminal: noTerminal,
  };
  addSeed(program, environment, async () => {});
  const names = program.commands[0]?.commands.map((command) => command.name());
  t.same(names?.toSorted(), [
    "create",
    "destroy",
    "images",
    "load",
    "pm",
    "pms",
    "query",
    "types",
    "vms",
    "volume-attach",
    "volume-create",
    "volume-destroy",
    "volume-detach",
    "volume-query",
  ]);
});
