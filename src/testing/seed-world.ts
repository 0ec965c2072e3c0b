import { equal, deepEqual as same } from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { admit } from "../schema/admission.ts";
import { PlacementPolicyKind } from "../schema/placement-policy.ts";
import { VirtualMachineKind } from "../schema/virtual-machine.ts";
import type { LabHost } from "./lab/lab-host.ts";
import { eventually, type ServerProcess } from "./server-process.ts";

const program = join(import.meta.dirname, "../../bin/ostler");

/** A domain that runs. */
export interface Running {
  readonly host: string;
  readonly domain: string;
}

export interface SeedWorldParts {
  readonly url: string;
  readonly directory: string;
  readonly hosts: readonly LabHost[];
  readonly server: ServerProcess;
}

/** The flat API on one side, what virsh says on the hosts on the other. */
export class SeedWorld {
  server: ServerProcess;
  /** Why the last call that failed has failed. */
  reason = "";
  readonly #parts: SeedWorldParts;

  constructor(parts: SeedWorldParts) {
    this.#parts = parts;
    this.server = parts.server;
  }

  readonly ask = async (path: string): Promise<unknown> => {
    const response = await fetch(this.#parts.url + path);
    if (response.status !== 200) throw new Error(`${path}: status ${response.status}`);
    this.reason = response.headers.get("ostler-reason") ?? this.reason;
    return JSON.parse(await response.text());
  };

  /** Every domain that runs, on every host. */
  readonly truth = async (): Promise<readonly Running[]> => {
    const each = this.#parts.hosts.map(async (host) => {
      const names = (await host.virsh("list", "--name")).split("\n").filter((name) => name.trim() !== "");
      return names.map((domain) => ({ host: host.name, domain: domain.trim() }));
    });
    return (await Promise.all(each)).flat();
  };

  cli(...args: readonly string[]) {
    const { directory, url } = this.#parts;
    const env = { OSTLER_KUBECONFIG: join(directory, "state/kubeconfig"), OSTLER_SEED_URL: url };
    return command(program, ["seed", ...args], { cwd: directory, env: { ...process.env, ...env } });
  }

  pmidOf(host: string | undefined): number {
    return this.#parts.hosts.findIndex(({ name }) => name === host) + 1;
  }

  /** Domains and disks of machines, on every host. */
  async traces(): Promise<readonly string[]> {
    const each = this.#parts.hosts.map(async (host) => {
      const domains = (await host.virsh("list", "--all", "--name")).split("\n");
      const { stdout } = await host.exec(["sh", "-c", "ls /var/lib/libvirt/images/ostler-* 2>/dev/null"]);
      const disks = stdout.split("\n").filter((name) => name.startsWith("vm-"));
      return [...domains, ...disks]
        .filter((name) => name.trim() !== "")
        .map((name) => `${host.name} ${name}`);
    });
    return (await Promise.all(each)).flat().sort();
  }

  /** The numbers of the machines on each host, by the hosts' numbers. */
  async lists(): Promise<readonly (readonly number[])[]> {
    const answers = this.#parts.hosts.map((_, index) => this.ask(`/pm/listvms?pmid=${index + 1}`));
    return (await Promise.all(answers)).map((answer) => Object(answer).vmids ?? []);
  }

  /** The files of Volumes, on every host. */
  async volumes(): Promise<readonly string[]> {
    const each = this.#parts.hosts.map(async (host) => {
      const { stdout } = await host.exec(["sh", "-c", "ls /var/lib/libvirt/images/ostler-* 2>/dev/null"]);
      return stdout.split("\n").filter((name) => name.startsWith("volume-"));
    });
    return (await Promise.all(each)).flat();
  }

  /** The domains that have a Volume. */
  async attached(): Promise<readonly Running[]> {
    const found: Running[] = [];
    for (const running of await this.truth()) {
      const host = this.#parts.hosts.find(({ name }) => name === running.host);
      if (/\/volume-/.test((await host?.virsh("domblklist", running.domain)) ?? "")) found.push(running);
    }
    return found;
  }

  /** Stops a machine, as with `ostler stop`, and waits until it is off. */
  async stop(vmid: number): Promise<void> {
    const { name } = Object(await this.ask(`/vm/query?vmid=${vmid}`));
    const key = { namespace: "default", name };
    await this.server.client.part("PUT", { kind: VirtualMachineKind, key, part: "stop" });
    await eventually("it is off", async () => {
      const { status } = await this.server.client.get(VirtualMachineKind, key);
      return status?.printableStatus === "Stopped" || undefined;
    });
  }

  async addPolicy(name: string, type: "BinPacking" | "RoundRobin"): Promise<void> {
    const head = { apiVersion: "ostler.dev/v1", kind: "PlacementPolicy", metadata: { name } };
    await this.server.client.create(
      PlacementPolicyKind,
      admit(PlacementPolicyKind, { ...head, spec: { type } }),
    );
  }

  /** What qemu-img says about the first disk of a domain. */
  async diskInfo(running: Running | undefined): Promise<Record<string, unknown>> {
    const host = this.#parts.hosts.find(({ name }) => name === running?.host);
    const table = await host?.virsh("domblklist", running?.domain ?? "", "--details");
    const [, path = ""] = /disk +\S+ +(\S+)/.exec(table ?? "") ?? [];
    const info = await host?.exec(["qemu-img", "info", "-U", "--output=json", path]);
    return Object(JSON.parse(info?.stdout ?? "null"));
  }

  /** Throws unless lists, counts and what is free agree with the domains that run. */
  async agrees(): Promise<void> {
    await eventually(
      "the flat API and virsh agree",
      async () => {
        const running = await this.truth();
        for (const [index, host] of this.#parts.hosts.entries()) {
          const pmid = index + 1;
          const here = running.filter((found) => found.host === host.name);
          const { vmids } = Object(await this.ask(`/pm/listvms?pmid=${pmid}`));
          const { capacity, free, vms } = Object(await this.ask(`/pm/query?pmid=${pmid}`));
          same([vmids.length, vms], [here.length, here.length], `${host.name} runs ${here.length}`);
          const used = await Promise.all(here.map(({ domain }) => cpusOf(host, domain)));
          equal(free.cpu, capacity.cpu - used.reduce((sum, cpus) => sum + cpus, 0), host.name);
          for (const vmid of vmids) equal(Object(await this.ask(`/vm/query?vmid=${vmid}`)).pmid, pmid);
        }
        return true;
      },
      30_000,
    );
  }
}

/** The vmid in an answer. */
export function numberIn(answer: unknown): number {
  const { vmid } = Object(answer);
  if (typeof vmid !== "number") throw new Error(`no vmid in ${JSON.stringify(answer)}`);
  return vmid;
}

/** What virsh says a host has. */
export async function nodeInfo(
  host: LabHost,
): Promise<{ readonly cpus: number; readonly megabytes: number }> {
  const text = await host.virsh("nodeinfo");
  const kibibytes = Number(/Memory size: +(\d+)/.exec(text)?.[1]);
  return { cpus: Number(/CPU\(s\): +(\d+)/.exec(text)?.[1]), megabytes: Math.floor(kibibytes / 1024) };
}

/** The size of the file system behind our pool, in GB. */
export async function diskOf(host: LabHost): Promise<number> {
  const pools = await host.virsh("pool-list", "--name");
  const pool =
    pools
      .split("\n")
      .find((name) => name.startsWith("ostler-"))
      ?.trim() ?? "";
  const text = await host.virsh("pool-info", "--bytes", pool);
  return Math.floor(Number(/Capacity: +(\d+)/.exec(text)?.[1]) / 2 ** 30);
}

async function cpusOf(host: LabHost, domain: string): Promise<number> {
  return Number(/CPU\(s\): +(\d+)/.exec(await host.virsh("dominfo", domain))?.[1]);
}

/** Runs a program; never rejects because of its exit code. */
export function command(file: string, args: readonly string[], options: Parameters<typeof execFile>[2] = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(file, args, { ...options, encoding: "utf8" }, (error, stdout, stderr) => {
      resolve({ code: error ? (child.exitCode ?? 255) : 0, stdout: String(stdout), stderr: String(stderr) });
    });
  });
}
