import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { type VirtualMachine, VirtualMachineKind } from "../schema/virtual-machine.ts";
import { kubectlMissing } from "./kubectl/kubectl.ts";
import { libvirtAvailable, startLibvirtHost } from "./libvirt-host.ts";
import { eventually, startServerProcess } from "./server-process.ts";
import { buildTinyGuest, tinyGuestAvailable } from "./tiny-guest.ts";

const missing = [libvirtAvailable(), tinyGuestAvailable()].find(({ available }) => !available)?.reason;
const root = join(import.meta.dirname, "../..");

/** A program that somebody talks to. */
class Talk {
  text = "";
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  #wake: () => void = () => undefined;

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(program, args, { env: { ...process.env, ...env }, stdio: "pipe" });
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      output?.setEncoding("utf8").on("data", (text: string) => {
        this.text += text;
        this.#wake();
      });
    }
    this.ended = once(this.#child, "close").then(([code]: (number | null)[]) => code ?? null);
  }

  say(text: string): void {
    this.#child.stdin?.write(text);
  }

  end(): void {
    this.#child.kill();
  }

  /** Resolves once this has been printed; throws with what was instead when the program ends without it. */
  async sees(pattern: RegExp): Promise<void> {
    const over = this.ended.then(() => true);
    while (!pattern.test(this.text)) {
      const news = new Promise<false>((resolve) => {
        this.#wake = () => resolve(false);
      });
      if ((await Promise.race([news, over])) && !pattern.test(this.text)) throw new Error(this.text);
    }
  }

  /** Says it until the answer comes: a shell that has just begun may miss what is said. */
  async asks(question: string, answer: RegExp): Promise<void> {
    await eventually(`the answer to ${question}`, async () => {
      if (answer.test(this.text)) return true;
      this.say(question);
      return undefined;
    });
  }
}

t.test("the shell of a guest answers", { skip: missing ?? false, timeout: 300_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "ostler-console-"));
  t.teardown(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, "manifests"));
  await mkdir(join(directory, "state/images/guest"), { recursive: true });
  const guest = await buildTinyGuest();
  await copyFile(guest.kernel, join(directory, "state/images/guest/vmlinuz"));
  await copyFile(guest.initrd, join(directory, "state/images/guest/initrd.gz"));
  await using host = await startLibvirtHost();
  const uri = `qemu+unix:///system?socket=${host.socketPath}`;
  const args = ["--host", `lab=${uri}`, "--resync-seconds", "2"];
  await using server = await startServerProcess({ directory, manifests: true, args });
  for (const name of ["instance-types.yaml", "hello.yaml"]) {
    const text = await readFile(join(root, "docs/examples", name), "utf8");
    const placed = text.replaceAll("/var/lib/ostler", join(directory, "state/images"));
    await writeFile(join(directory, "manifests", name), placed);
  }
  const kubeconfig = join(directory, "state/kubeconfig");
  const env = {
    OSTLER_KUBECONFIG: kubeconfig,
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: join(directory, "cache"),
  };
  const ostler = (...words: readonly string[]) => new Talk(join(root, "bin/ostler"), words, env);
  const machineIs = (wanted: (vm: VirtualMachine) => boolean) =>
    eventually("the machine is as wanted", async () => {
      const vm = await server.client.get(VirtualMachineKind, { namespace: "default", name: "hello" });
      return wanted(vm) ? vm : undefined;
    });
  await machineIs(({ status }) => status?.printableStatus === "Running");

  await t.test("to a script that pipes into ostler console", async (t) => {
    const talk = ostler("console", "hello", "--linger", "20s");
    await talk.asks("\necho answer-$((40+2))\n", /answer-42/);
    const second = ostler("console", "hello");
    t.equal(await second.ended, 1);
    t.match(second.text, /in use by admin/);
    talk.end();
    await talk.ended;
  });

  await t.test("to a person at a terminal, who leaves with Ctrl-]", async (t) => {
    const command = `${join(root, "bin/ostler")} console hello`;
    const talk = new Talk("script", ["-qefc", command, "/dev/null"], env);
    await talk.sees(/Ctrl-\] to leave/);
    await talk.asks("\recho typed-$((40+3))\r", /typed-43/);
    talk.say("\u001d");
    t.equal(await talk.ended, 0);
    t.match(talk.text, /Left virtualmachine\/hello/);
  });

  await t.test("to kubectl attach", { skip: kubectlMissing() ?? false }, async (t) => {
    const talk = new Talk("kubectl", ["attach", "-i", "hello"], env);
    await talk.asks("\necho attached-$((40+4))\n", /attached-44/);
    talk.end();
    await talk.ended;
    const exec = new Talk("kubectl", ["exec", "hello", "--", "ls"], env);
    t.equal(await exec.ended, 1);
    t.match(exec.text, /kubectl attach -it hello/);
  });

  await t.test("not while it is paused, and again when it goes on", async (t) => {
    t.equal(await ostler("pause", "hello").ended, 0);
    const vm = await machineIs(({ status }) => status?.printableStatus === "Paused");
    t.match(
      (await host.exec(["virsh", "domstate", "--reason", vm.status?.domain?.name ?? ""])).stdout,
      /paused/,
    );
    const again = await server.client.get(VirtualMachineKind, { namespace: "default", name: "hello" });
    t.match(again.status, { printableStatus: "Paused", pauseRequest: { requestedBy: "admin" } });
    t.equal(await ostler("unpause", "hello").ended, 0);
    await machineIs(
      ({ status }) => status?.printableStatus === "Running" && status.pauseRequest === undefined,
    );
    const talk = ostler("console", "hello", "--linger", "20s");
    await talk.asks("\necho again-$((40+5))\n", /again-45/);
    talk.say("\npoweroff -f\n");
    t.equal(await talk.ended, 0, "and the console ends with its guest");
  });
});
