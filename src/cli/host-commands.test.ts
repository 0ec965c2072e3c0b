import { Command } from "commander";
import t from "tap";
import { addHost } from "./host-commands.ts";

t.test(
  "there is a command to make a host known, to take that back, and to say that it is down",
  async (t) => {
    const program = new Command();
    addHost(program, async () => {});
    const [host] = program.commands;
    const names = host?.commands.map((command) => command.name());
    t.same(names, ["enroll", "forget-key", "confirm-down"]);
    const flags = host?.commands[2]?.options.map(({ long }) => long);
    t.same(flags, ["--reason", "--expires", "--only-without-disks", "--even-in-mass-outage", "--withdraw"]);
  },
);
