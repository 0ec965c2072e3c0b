import t from "tap";
import { TerminalError } from "./reconcile.ts";

t.test("a terminal error is told from others by its class, and keeps its cause", async (t) => {
  const cause = new Error("why");
  const error = new TerminalError("cannot be", { cause });
  t.ok(error instanceof TerminalError);
  t.match(error, { name: "TerminalError", message: "cannot be", cause });
});
