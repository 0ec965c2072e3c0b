import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { helperCommand, helperFailure } from "./ssh-helper.ts";

const directory = await mkdtemp(join(tmpdir(), "ostler-helper-"));
const socket = join(directory, "it's a socket");
const server = createServer((client) => client.pipe(client)).listen(socket);
await once(server, "listening");
t.teardown(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

/** A folder with these programs and a shell, to be the whole PATH. */
async function programs(scripts: Readonly<Record<string, string>>): Promise<string> {
  const path = await mkdtemp(join(directory, "bin-"));
  await symlink("/bin/sh", join(path, "sh"));
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(path, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(path, name), 0o755);
  }
  return path;
}

interface Run {
  readonly code: number;
  readonly stdout: string;
}

interface RunOptions {
  readonly mayUseHelper?: boolean;
  readonly uid?: number;
}

function run(path: string, socketPaths: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { mayUseHelper = true, ...identity } = options;
  const command = helperCommand({ driverUri: "qemu:///system", socketPaths, mayUseHelper });
  return new Promise((resolve) => {
    const child = execFile(
      "/bin/sh",
      ["-c", command],
      { env: { PATH: path }, ...identity },
      (error, stdout) => resolve({ code: error ? (child.exitCode ?? 255) : 0, stdout }),
    );
  });
}

t.test("a helper is given the URI, and nc the first socket there is", async (t) => {
  const both = await programs({ "virt-ssh-helper": "echo helper $1", nc: "echo nc $1 $2" });
  t.strictSame(await run(both, ["/nowhere", socket]), { code: 0, stdout: "helper qemu:///system\n" });
  t.strictSame(await run(both, ["/nowhere", socket], { mayUseHelper: false }), {
    code: 0,
    stdout: `nc -U ${socket}\n`,
  });
  const netcat = await programs({ nc: "echo nc $1 $2" });
  t.strictSame(await run(netcat, [socket]), { code: 0, stdout: `nc -U ${socket}\n` });
});

t.test("how the command ends says what is wrong with the socket", async (t) => {
  const failing = await programs({ "virt-ssh-helper": "exit 1", nc: "exit 1" });
  const none = await programs({});
  const ends: readonly [string, readonly string[], string][] = [
    [failing, ["/nowhere", directory], "DaemonNotRunning"],
    [failing, ["/nowhere", socket], "DaemonNotRunning"],
    [none, ["/nowhere"], "DaemonNotRunning"],
    [none, [socket], "ForwardingRefused"],
  ];
  for (const [path, sockets, why] of ends) {
    const { code } = await run(path, sockets);
    t.equal(helperFailure(code), why, `${code}: ${sockets.join()}`);
  }
});

t.test("a socket that we may not write to is told apart", { skip: process.geteuid?.() !== 0 }, async (t) => {
  await chmod(directory, 0o755);
  await chmod(socket, 0o600);
  const none = await programs({});
  await chmod(none, 0o755);
  const { code } = await run(none, [socket], { uid: 65534 });
  t.equal(helperFailure(code), "SocketPermissionDenied");
});

t.test(
  "when the command did not run all that is known is that the server did not open the socket",
  async (t) => {
    for (const code of [undefined, 1, 127]) t.equal(helperFailure(code), "ForwardingRefused");
  },
);
