import t from "tap";
import { formatAs } from "./format-as.ts";

const tell = ({ name }: { readonly name: string }) => `this is ${name}\n`;

t.test("a value is told to people, or written for machines", async (t) => {
  const value = { name: "web" };
  t.equal(formatAs(value, undefined, tell), "this is web\n");
  t.equal(formatAs(value, "json", tell), '{\n  "name": "web"\n}\n');
  t.equal(formatAs(value, "yaml", tell), "name: web\n");
  t.throws(() => formatAs(value, "xml", tell), /cannot write "xml"; give json or yaml/);
});
