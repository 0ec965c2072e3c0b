import { Command } from "commander";
import t from "tap";
import { addHost } from "./host-commands.ts";

t.test(
  "there are commands to make a host known, to take that back, to cordon it, and to say that it is down",
  async (t) => {
    const program = new Command();
    addHost(program, async () => {});
    const [host] = program.commands;
    const names = host?.commands.map((command) => command.name());
    t.same(names, ["enroll", "forget-key", "cordon", "uncordon", "confirm-down"]);
    const flags = host?.commands[4]?.options.map(({ long }) => long);
    t.same(flags, ["--reason", "--expires", "--only-without-disks", "--even-in-mass-outage", "--withdraw"]);
  },
);
