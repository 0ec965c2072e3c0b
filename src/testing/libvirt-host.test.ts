import { spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import t from "tap";
import { libvirtAvailable, startLibvirtHost } from "./libvirt-host.ts";

const { available, reason } = libvirtAvailable();
const options = { skip: available ? false : reason };

t.test("two hosts run side by side with different UUIDs and leave nothing behind", options, async (t) => {
  const hosts = await Promise.all([startLibvirtHost({ name: "one" }), startLibvirtHost({ name: "two" })]);
  const uuids = await Promise.all(hosts.map((host) => uuidOf(host)));
  t.match(uuids[0], /^[0-9a-f-]{36}$/);
  t.not(uuids[0], uuids[1]);
  const names = await Promise.all(hosts.map((host) => host.exec(["hostname"])));
  t.strictSame(
    names.map((result) => result.stdout),
    ["one\n", "two\n"],
  );
  await Promise.all(hosts.map((host) => host.stop()));
  for (const host of hosts) {
    await t.rejects(access(host.directory), { code: "ENOENT" });
    await t.rejects(access(`/sys/class/net/${host.cable}`), { code: "ENOENT" });
  }
});

t.test("a killed libvirtd can be started again and the network reaches it", options, async (t) => {
  await using host = await startLibvirtHost({ listenTcp: 16509 });
  const before = host.pid;
  await host.kill("SIGKILL");
  t.equal(host.pid, undefined);
  await host.restart();
  t.not(host.pid, before);
  const list = await virsh(["-c", `test+tcp://${host.address}/default`, "list", "--name"]);
  t.equal(list.trim(), "test");
});

t.test("KVM is hidden unless it is asked for", options, async (t) => {
  await using host = await startLibvirtHost();
  t.equal((await host.exec(["test", "-e", "/dev/kvm"])).code, 1);
});

t.test("a host dies with the process that started it", options, async (t) => {
  const program = `
    const { startLibvirtHost } = await import(${JSON.stringify(new URL("libvirt-host.ts", import.meta.url))});
    const host = await startLibvirtHost();
    console.log(host.directory + " " + host.pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
  const [line] = await once(child.stdout, "data");
  const [directory, pid] = String(line).trim().split(" ");
  child.kill("SIGKILL");
  await until(async () => !(await exists(String(directory))) && !(await exists(`/proc/${pid}`)));
  t.pass("gone");
});

async function uuidOf(host: Awaited<ReturnType<typeof startLibvirtHost>>): Promise<string> {
  const { stdout } = await host.exec(["virsh", "-c", "qemu:///system", "capabilities"]);
  return /<uuid>(.*?)<\/uuid>/.exec(stdout)?.[1] ?? "";
}

async function virsh(argv: string[]): Promise<string> {
  const child = spawn("virsh", argv, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of child.stdout) output += chunk;
  return output;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 1000; round++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("did not happen within 10 s");
}
