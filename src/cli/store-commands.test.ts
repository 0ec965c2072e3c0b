import { Command } from "commander";
import t from "tap";
import { addStore } from "./store-commands.ts";

t.test("there is a command to accept a store that was brought back", async (t) => {
  const program = new Command();
  addStore(program, async () => {});
  t.same(
    program.commands[0]?.commands.map((command) => command.name()),
    ["accept-restore"],
  );
});
