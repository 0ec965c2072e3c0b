import { execFileSync } from "node:child_process";
import t from "tap";

const load = `
  await import(${JSON.stringify(new URL("./node-http.ts", import.meta.url).href)});
  console.log(process.moduleLoadList.some((name) => name.includes("internal/deps/undici")));
`;

t.test("HTTP comes without Node's fetch", async (t) => {
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", load], { encoding: "utf8" });
  t.equal(said.trim(), "false");
});
