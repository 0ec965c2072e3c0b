import type { IncomingHttpHeaders } from "node:http";
import t from "tap";
import { throwsWith } from "../../testing/throws-with.ts";
import { chooseProtocol, readConsoleRequest } from "./console-request.ts";

const read = (headers: IncomingHttpHeaders, query = "", subresource = "console") =>
  readConsoleRequest({
    info: { subresource, name: "web" },
    headers: { host: "h:6440", upgrade: "websocket", ...headers },
    query: new URLSearchParams(query),
  });

t.test("force is asked for as any other switch of a query", async (t) => {
  for (const query of ["force=true", "force=1", "force"]) t.match(read({}, query), { force: true }, query);
  for (const query of ["", "force=false", "force=no"]) t.match(read({}, query), { force: false }, query);
});

t.test("only a page of this server's own may ask, and what is no page", async (t) => {
  for (const origin of [undefined, "https://h:6440", "https://H:6440"]) {
    t.match(read(origin === undefined ? {} : { origin }), { stdin: true }, origin ?? "no page");
  }
  for (const origin of ["https://h", "https://h:6441", "https://other:6440", "null", "", "h:6440"]) {
    throwsWith(t, () => read({ origin }), "Forbidden");
  }
  throwsWith(t, () => read({ origin: "https://h:6440", host: undefined }), "Forbidden");
});

t.test("of the protocols that are offered the best is spoken", async (t) => {
  const choose = (offered: string) =>
    chooseProtocol({ upgrade: "WebSocket", "sec-websocket-protocol": offered });
  t.equal(choose("v4.channel.k8s.io, v5.channel.k8s.io"), "v5.channel.k8s.io");
  t.equal(choose("v4.channel.k8s.io,channel.k8s.io"), "v4.channel.k8s.io");
  for (const offered of ["", "channel.k8s.io", "v6.channel.k8s.io"]) {
    throwsWith(t, () => choose(offered), "BadRequest");
  }
  throwsWith(t, () => chooseProtocol({ upgrade: "SPDY/3.1" }), "BadRequest");
});

t.test("to attach to a pod is to sit at its console, with what is asked for of it", async (t) => {
  t.match(read({}, "stdin=true&stdout=true&tty=true&container=console", "attach"), { stdin: true });
  t.match(read({}, "stdout=true", "attach"), { stdin: false }, "only to look");
  throwsWith(t, () => read({}, "container=main", "attach"), "BadRequest", "container main");
  throwsWith(t, () => read({}, "command=sh&stdin=true", "exec"), "BadRequest", "kubectl attach -it web");
});
