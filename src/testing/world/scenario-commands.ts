import type { FakeDomain } from "../../drivers/fake/fake-domain.ts";
import { poolCommands } from "./pool-commands.ts";
import type { Stage } from "./scenario.ts";
import { failoverCommands } from "./scenario-failover.ts";
import type { SimHost } from "./sim-host.ts";

type Command = (stage: Stage, ...words: readonly string[]) => Promise<unknown> | unknown;

/** What a line of a scenario may say. Machines, hosts and files are named as they are known. */
export const commands: Readonly<Record<string, Command>> = {
  wait: () => {},
  ...failoverCommands,

  // What people do through the API.
  "add-host": ({ world, actor }, name = "", ...spec) => {
    const { cpus, memoryGi, accelerators, ...rest } = specOf(spec);
    const size = {
      ...(typeof cpus === "number" ? { cpus } : {}),
      ...(typeof memoryGi === "number" ? { memoryBytes: memoryGi * 2 ** 30 } : {}),
      ...(accelerators === "broken-kvm" ? { workingAccelerators: ["qemu" as const] } : {}),
    };
    if (!world.hosts.has(name)) world.addHost({ name, ...size });
    return actor.addHost(name, rest);
  },
  "remove-host": ({ actor }, name = "") => actor.removeHost(name),
  "edit-host": ({ actor }, name = "", ...spec) => actor.editHost(name, specOf(spec)),
  "add-image": ({ actor }, name = "", digit = "a") => actor.addImage(name, digit),
  "change-image": ({ world }, name = "", digit = "b") => world.images.put(`/images/${name}`, digit),
  "add-type": ({ actor }, name = "", cpus = "1", memory = "256Mi") =>
    actor.addInstanceType(name, Number(cpus), memory),
  "add-source": ({ actor }) => actor.addSource(),
  create: ({ actor }, name = "", ...spec) => actor.addMachine(name, specOf(spec)),
  edit: ({ actor }, name = "", ...spec) => actor.editMachine(name, specOf(spec)),
  delete: ({ actor }, name = "") => actor.removeMachine(name),
  start: ({ actor }, name = "") => actor.ask(name, "Start"),
  stop: ({ actor }, name = "") => actor.ask(name, "Stop"),
  restart: ({ actor }, name = "") => actor.ask(name, "Restart"),
  "as-before": ({ actor }, name = "") => actor.ask(name, "Nothing"),
  confirm: ({ actor }) => actor.confirmPrune(),
  ...poolCommands,

  // What happens to the folder of manifests.
  put: ({ world, manifests }, file = "", as = file) => world.files.write(as, textOf(manifests, file)),
  "put-half": ({ world, manifests }, file = "", as = file) => {
    const text = textOf(manifests, file);
    world.files.write(as, text.slice(0, text.length / 2));
  },
  "put-empty": ({ world }, file = "") => world.files.write(file, ""),
  "put-link": ({ world }, file = "", target = "") => world.files.link(file, target),
  "remove-file": ({ world }, file = "") => world.files.remove(file),
  "rename-file": ({ world }, from = "", to = "") => world.files.rename(from, to),
  "empty-folder": ({ world }) => {
    for (const path of world.files.paths) world.files.remove(path);
  },
  unmount: ({ world }) => world.files.unmount("unmounted"),
  "lose-folder": ({ world }) => world.files.unmount("gone"),
  mount: ({ world }) => world.files.mount(),

  // What guests, and people with virsh, do.
  "guest-crashes": onDomain((domain) => domain.kill()),
  "guest-shuts-down": onDomain((domain) => domain.stopFromInside()),
  "guest-is-deaf": onDomain((domain) => {
    domain.guest = { obeysShutdown: false, shutdownMs: 0 };
  }),
  "guest-cannot-start": onDomain((domain) => {
    domain.startFailure = "cannot set up guest memory";
  }),
  "guest-can-start": onDomain((domain) => {
    domain.startFailure = undefined;
  }),
  "virsh-destroy": onDomain((domain) => domain.destroy()),
  "virsh-undefine": onDomain((domain) => domain.undefine()),
  "virsh-suspend": onDomain((domain) => domain.pause()),
  "virsh-start": onDomain((domain) => domain.start()),
  "virsh-autostart": onDomain((domain) => {
    domain.autostart = true;
  }),
  "virsh-edit": onDomain((domain) => domain.edit({ cpus: 7 })),
  "io-error": onDomain((domain) => domain.pause("ioerror")),
  "lock-domain": onDomain((domain) => {
    domain.busy = true;
  }),
  "unlock-domain": onDomain((domain) => {
    domain.busy = false;
  }),
  "foreign-domain": ({ world }, host = "", name = "", cpus = "1") => {
    const uid = world.stream(`foreign ${name}`).uuid();
    world.host(host).fake.addDomain({ uid, domainName: name, cpus: Number(cpus), running: true });
  },
  "lose-disk": ({ world, actor }, name = "", disk = "") => {
    const { uid } = actor.domainOf(name) ?? {};
    for (const { fake } of world.hosts.values()) fake.pool(world.clusterId).delete(`vm-${uid}-${disk}.qcow2`);
  },

  // What happens to hosts and networks.
  "power-off": onHost((host) => host.powerOff()),
  "power-on": onHost((host) => host.powerOn()),
  "freeze-daemon": onHost((host) => host.freeze()),
  "thaw-daemon": onHost((host) => host.thaw()),
  "restart-daemon": onHost((host) => host.restartDaemon()),
  "lose-next-reply": ({ world }, name = "", verb = "") => {
    world.host(name).loseNextReply = verb === "" ? true : verb;
  },
  "fill-pool": onHost((host) => {
    host.isPoolFull = true;
  }),
  "empty-pool": onHost((host) => {
    host.isPoolFull = false;
  }),
  cut: ({ world }, from = "", to = "") => {
    world.network.cut(from, to);
    world.network.cut(to, from);
  },
  heal: ({ world }, from = "", to = "") => {
    world.network.heal(from, to);
    world.network.heal(to, from);
  },
  swap: ({ world }, a = "", b = "") => {
    const [first, second] = [`fake://${a}`, `fake://${b}`].map((uri) => world.driverParts.resolve(uri));
    if (first === undefined || second === undefined) throw new Error("two hosts are needed");
    world.addresses.set(`fake://${a}`, second);
    world.addresses.set(`fake://${b}`, first);
    for (const host of [first, second]) host.restartDaemon();
  },

  // What happens to controllers and to their store.
  "kill-controller": ({ world }, name = "controller-1") => replica(world, name)?.kill(),
  "start-controller": ({ world }, name = "controller-1") => replica(world, name)?.start(),
  "pause-controller": ({ world }, name = "controller-1") => replica(world, name)?.process?.pause("stopped"),
  "resume-controller": ({ world }, name = "controller-1") => replica(world, name)?.process?.resume(),
  "set-clock": ({ world }, seconds = "0") => {
    for (const { process } of world.replicas) process?.jumpWall(Number(seconds) * 1000);
  },
  "fill-disk": ({ world }) => world.disk.strike("full"),
  "mend-disk": ({ world }) => world.disk.mend(),
};

function replica(world: Stage["world"], name: string) {
  return world.replicas.find((candidate) => candidate.name === name);
}

function onDomain(act: (domain: FakeDomain) => void): Command {
  return ({ actor }, name = "") => {
    const domain = actor.domainOf(name);
    if (domain === undefined) throw new Error(`machine ${name} has no domain`);
    act(domain);
  };
}

function onHost(act: (host: SimHost) => void): Command {
  return ({ world }, name = "") => act(world.host(name));
}

function textOf(manifests: ReadonlyMap<string, string>, file: string): string {
  const text = manifests.get(file);
  if (text === undefined) throw new Error(`the scenario has no file ${file}`);
  return text;
}

/** `cpus=2 runStrategy=Once disks=[{"name":"data","size":"1Gi"}]` */
function specOf(words: readonly string[]): Record<string, unknown> {
  const entries = words.map((word): [string, unknown] => {
    const [name = "", ...rest] = word.split("=");
    const text = rest.join("=");
    return [name, /^(\[|\{|\d+$|true$|false$)/.test(text) ? JSON.parse(text) : text];
  });
  return Object.fromEntries(entries);
}
