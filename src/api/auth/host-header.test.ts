import t from "tap";
import { hostHeaderCheck } from "./host-header.ts";

t.test("only our own names are ours, with any port", async (t) => {
  const isOurs = hostHeaderCheck(["localhost", "127.0.0.1", "::1", "Box.example.org"]);
  for (const header of [
    "localhost",
    "LOCALHOST:6440",
    "127.0.0.1:1",
    "[::1]:6440",
    "[::1]",
    "box.example.org",
  ]) {
    t.ok(isOurs(header), header);
  }
  for (const header of [
    undefined,
    "",
    "evil.example.org",
    "localhost.evil.org",
    "localhost:6440:1",
    "evil@localhost",
    "127.0.0.1.",
    "::1",
    "localhost:x",
    "localhost, evil",
  ]) {
    t.notOk(isOurs(header), header ?? "no header");
  }
});
