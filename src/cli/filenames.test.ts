import { Command } from "commander";
import t from "tap";
import { filenames } from "./filenames.ts";

t.test("every file that is named counts, in order", async (t) => {
  const command = new Command().addOption(filenames());
  command.parse(["-f", "a", "--filename", "b"], { from: "user" });
  t.same(command.opts(), { filename: ["a", "b"] });
});
