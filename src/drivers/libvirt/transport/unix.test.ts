import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { connectUnix } from "./unix.ts";

t.test("of several sockets the first that accepts is taken", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-unix-"));
  const path = join(directory, "there");
  const server = createServer((socket) => socket.end()).listen(path);
  t.teardown(async () => {
    server.close();
    await rm(directory, { recursive: true });
  });
  const { stream, ...facts } = await connectUnix([join(directory, "none"), path]);
  t.strictSame(facts, { coalesce: true, negotiateKeepalive: false, label: `unix:${path}` });
  stream.destroy();
});

t.test("when none accepts each is named with what is wrong with it", async (t) => {
  await t.rejects(connectUnix(["/nonexistent/one", "/dev/null"]), {
    reason: "HostUnreachable",
    why: "DaemonNotRunning",
    message: /unix:\/nonexistent\/one: .*ENOENT.*; unix:\/dev\/null: .*ECONNREFUSED/,
  });
});

t.test("an aborted attempt tries no further socket", async (t) => {
  await t.rejects(connectUnix(["/dev/null", "/dev/null"], AbortSignal.abort(new Error("enough"))), {
    message: "unix:/dev/null: gave up connecting",
  });
});

const root = process.geteuid?.() === 0;

t.test("a socket that is there but not for us is told apart", { skip: !root }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-unix-"));
  const path = join(directory, "theirs");
  const server = createServer().listen(path);
  t.teardown(async () => {
    process.seteuid?.(0);
    server.close();
    await rm(directory, { recursive: true });
  });
  await once(server, "listening");
  await chmod(directory, 0o700);
  process.seteuid?.("nobody");
  const failure = await connectUnix([path, "/nonexistent/one"]).catch((error: unknown) => error);
  process.seteuid?.(0);
  t.match(failure, { reason: "Unauthorized", why: "SocketPermissionDenied" });
});
