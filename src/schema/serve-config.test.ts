import t from "tap";
import { throwsWith } from "../testing/throws-with.ts";
import { parseServeConfig, splitListen } from "./serve-config.ts";

t.test("nothing said is the defaults", async (t) => {
  t.same(parseServeConfig(undefined), {
    stateDir: "./state",
    listen: "127.0.0.1:6440",
    hosts: [],
    fakeHosts: 0,
    imageDirs: [],
    accelerator: "auto",
    placementPolicy: "Spread",
    resyncSeconds: 15,
    seedNames: [],
    seedErrorShape: "zero",
    seedTimeoutSeconds: 60,
    podFacade: "on",
    logLevel: "info",
  });
});

t.test("what is wrong is told with its name", async (t) => {
  const cases: readonly (readonly [value: unknown, field: string])[] = [
    [{ statedir: "x" }, "statedir"],
    [{ listen: "localhost" }, "listen"],
    [{ listen: "localhost:65536" }, "listen: a port is at most 65535"],
    [{ hosts: ["not a uri"] }, "hosts[0]"],
    [{ fakeHosts: -1 }, "fakeHosts"],
    [{ accelerator: "tcg" }, "accelerator"],
    [{ logLevel: "loud" }, "logLevel"],
    [{ stateDir: "" }, "stateDir"],
    ["text", "settings"],
  ];
  for (const [value, field] of cases) throwsWith(t, () => parseServeConfig(value), "Invalid", field);
});

t.test("an address is taken apart", async (t) => {
  t.same(splitListen("127.0.0.1:6440"), { host: "127.0.0.1", port: 6440 });
  t.same(splitListen("[::1]:0"), { host: "::1", port: 0 });
});
